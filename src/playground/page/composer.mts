import { button, element } from "./element.mts";

export interface Composer {
  readonly node: HTMLElement;
  setPlaceholder(text: string): void;
  focus(): void;
  /** Sends this beside what is being written. */
  sendNow(message: string): void;
}

/** A reply box. What cannot be sent stays in it, with the reason below. */
export function createComposer(
  send: (message: string, files: readonly File[]) => Promise<void>,
): Composer {
  const text = element("textarea");
  text.rows = 1;
  const picked = element("input");
  picked.type = "file";
  picked.multiple = true;
  picked.hidden = true;
  const attached = element("span", "attached");
  const problem = element("p", "problem");
  problem.setAttribute("role", "alert");
  const submit = element("button", "send", "➤");
  submit.setAttribute("aria-label", "Send");
  const attach = button("attach", "Attach a file", () => picked.click(), "📎");
  const row = element("div", "row", attach, attached, submit);
  const form = element("form", "composer", element("div", "box", text, picked, row), problem);

  const fit = (): void => {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, 180)}px`;
  };
  const files = (): readonly File[] => [...(picked.files ?? [])];
  const showFiles = (): void => {
    attached.textContent = files()
      .map(({ name }) => name)
      .join(", ");
  };

  async function isSent(message: string, added: readonly File[]): Promise<boolean> {
    try {
      await send(message, added);
      problem.textContent = "";
      return true;
    } catch (cause) {
      problem.textContent = `Not sent: ${cause instanceof Error ? cause.message : cause}`;
      return false;
    }
  }

  async function trySend(): Promise<void> {
    const message = text.value;
    if ((message.trim() === "" && files().length === 0) || submit.disabled) return;
    submit.disabled = true;
    if (await isSent(message, files())) {
      text.value = "";
      picked.value = "";
    }
    submit.disabled = false;
    showFiles();
    fit();
  }

  text.addEventListener("input", fit);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void trySend();
  });
  picked.addEventListener("change", showFiles);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void trySend();
  });
  return {
    node: form,
    setPlaceholder(placeholder) {
      text.placeholder = placeholder;
      text.setAttribute("aria-label", placeholder);
    },
    focus: () => text.focus(),
    sendNow: (message) => void isSent(message, []),
  };
}
