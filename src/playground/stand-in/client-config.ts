import type { World } from "./world.ts";

/**
 * The client configuration, reduced from hundreds of keys to those that say something about what
 * the stand-in does. Without a valid token only the public ones are told.
 */
export function clientConfig(world: World, signedIn: boolean): Record<string, string> {
  const { generation, limits } = world;
  const open = {
    BuildNumber: "",
    EnableBotAccountCreation: String(limits.botAccounts),
    EnableCustomEmoji: "true",
    EnableFile: "true",
    SiteName: "Mattermost",
    Version: generation.version,
    WebsocketURL: "",
    ...(generation.newKeys ? { EnableUserStatuses: "true", SiteURL: world.siteUrl() } : {}),
  };
  if (!signedIn) return open;
  return {
    ...open,
    CollapsedThreads: generation.collapsedThreads ? "default_on" : "disabled",
    EnableCustomUserStatuses: "true",
    EnableFileAttachments: "true",
    EnableLinkPreviews: "true",
    EnablePostUsernameOverride: "false",
    EnableUserAccessTokens: "true",
    EnableUserTypingMessages: "true",
    MaxFileSize: String(limits.fileBytes),
    MaxPostSize: String(limits.postChars),
    PostEditTimeLimit: String(limits.postEditSeconds),
    RestrictDirectMessage: "any",
    SiteURL: world.siteUrl(),
    TeammateNameDisplay: "username",
    TimeBetweenUserTypingUpdatesMilliseconds: "5000",
    UniqueEmojiReactionLimitPerPost: "50",
  };
}
