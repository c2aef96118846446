/** The server's "no": a status and an error of its own, answered as a value, never thrown. */
export class Refusal {
  readonly status: number;
  readonly id: string;
  readonly message: string;
  readonly detail: string;

  constructor(status: number, id: string, message: string, detail = "") {
    this.status = status;
    this.id = id;
    this.message = message;
    this.detail = detail;
  }
}

/** Every refusal that the stand-in knows, worded as the server words it. */
export const refuse = {
  session: () =>
    new Refusal(
      401,
      "api.context.session_expired.app_error",
      "Invalid or expired session, please login again.",
    ),
  permission: () =>
    new Refusal(
      403,
      "api.context.permissions.app_error",
      "You do not have the appropriate permissions.",
    ),
  urlParam: (name: string) =>
    new Refusal(
      400,
      "api.context.invalid_url_param.app_error",
      `Invalid or missing ${name} parameter in request URL.`,
    ),
  bodyParam: (name: string) =>
    new Refusal(
      400,
      "api.context.invalid_body_param.app_error",
      `Invalid or missing ${name} in request body.`,
    ),
  route: (path: string) =>
    new Refusal(
      404,
      "api.context.404.app_error",
      "Sorry, we could not find the page.",
      `There doesn't appear to be an api call for the url='${path}'.  Typo? are you missing a team_id or user_id as part of the url?`,
    ),
  noPost: () => new Refusal(404, "app.post.get.app_error", "Unable to get the post."),
  rootId: () =>
    new Refusal(400, "api.post.create_post.root_id.app_error", "Invalid RootId parameter."),
  rootChannel: () =>
    new Refusal(
      400,
      "api.post.create_post.channel_root_id.app_error",
      "Invalid ChannelId for RootId parameter.",
    ),
  message: () => new Refusal(400, "model.post.is_valid.msg.app_error", "Invalid message."),
  props: () => new Refusal(400, "model.post.is_valid.props.app_error", "Invalid props."),
  fileIds: () =>
    new Refusal(
      400,
      "model.post.is_valid.file_ids.app_error",
      "Invalid file ids. Note that uploads are limited to 5 files maximum. Please use additional posts for more files.",
    ),
  pending: () =>
    new Refusal(
      500,
      "api.post.deduplicate_create_post.pending",
      "Rejected post since another client is making the same request.",
    ),
  editTime: (seconds: number) =>
    new Refusal(
      400,
      "api.post.update_post.permissions_time_limit.app_error",
      `Post edit is only allowed for ${seconds} seconds. Please ask your System Administrator for details.`,
    ),
  emoji: () => new Refusal(404, "app.emoji.get_by_name.no_result", "We couldn’t find the emoji."),
  reaction: () =>
    new Refusal(400, "api.reaction.save_reaction.invalid.app_error", "Reaction is not valid."),
  username: () =>
    new Refusal(
      404,
      "app.user.get_by_username.app_error",
      "Unable to find an existing account matching your username for this team. This team may require an invite from the team owner to join.",
    ),
  user: () => new Refusal(404, "app.user.missing_account.const", "Unable to find the user."),
  channel: () =>
    new Refusal(404, "app.channel.get.existing.app_error", "Unable to find the existing channel."),
  file: () => new Refusal(404, "app.file_info.get.app_error", "Unable to get the file info."),
  fileSize: (name: string, size: number, limit: number) =>
    new Refusal(
      413,
      "api.file.upload_file.too_large_detailed.app_error",
      `Unable to upload file ${name}. ${size} bytes exceeds the maximum allowed ${limit} bytes.`,
    ),
} as const;
