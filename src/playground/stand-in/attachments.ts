import { asRecord } from "./parse.ts";
import type { Props } from "./rows.ts";

const attachmentKeys = {
  id: 0,
  fallback: "",
  color: "",
  pretext: "",
  author_name: "",
  author_link: "",
  author_icon: "",
  title: "",
  title_link: "",
  text: "",
  fields: null,
  image_url: "",
  thumb_url: "",
  footer: "",
  footer_icon: "",
  ts: null,
};

/** The props as the server stores them: message attachments get every key they can have. */
export function attachmentProps(props: Props): Props {
  const given = props["attachments"];
  if (!Array.isArray(given)) return props;
  const attachments = given.flatMap((each) => {
    const attachment = asRecord(each);
    return attachment === undefined ? [] : [{ ...attachmentKeys, ...attachment }];
  });
  return { ...props, attachments };
}
