/** What can be found of a server, and of what it is asked with. */
export const SERVER_TEXTS = {
  "address.none": {
    line: "There is no server address.",
    fix: "Give your Mattermost server's address, such as https://chat.example.com: --url, or MATTERMOST_URL.",
  },
  "address.wrong": {
    line: "The address given is not one of a server.",
    fix: "Give the address alone, such as https://chat.example.com: with http:// or https://, without a name, a password, ? or #.",
  },
  "address.insecure": {
    line: "http://{host} would send the bot's token unencrypted.",
    fix: 'Use https://{host}. If the server has no https, and you trust every network on the way: --allow-insecure, or the option "allowInsecure".',
  },
  "address.proxied": {
    line: "http://{host} is on this machine, but {proxy} names a proxy, which would get the bot's token unencrypted.",
    fix: "Add {hostname} to NO_PROXY, here and where OpenCode starts.",
  },

  "reach.ok": { line: "Mattermost answers at {url}." },
  "reach.no-host": {
    line: "There is no host named {hostname}.",
    fix: "Look for a mistake in the address. If the name is right, this machine cannot look it up: it may need a VPN.",
  },
  "reach.closed": {
    line: "Nothing listens at {host}.",
    fix: "Check the port in the address, that the server is running, and that its firewall lets this machine in.",
  },
  "reach.no-route": {
    line: "This machine has no way to {host}.",
    fix: "Check this machine's network, or the VPN that the server needs.",
  },
  "reach.slow": {
    line: "{host} did not answer within {seconds} s.",
    fix: "Open {url} in a browser on this machine. If that hangs too, the server is overloaded or a firewall drops what is sent; if not, try again.",
  },
  "reach.cut": {
    line: "{host} ended the connection without an answer ({code}).",
    fix: "Check the port in the address, and that no firewall ends connections of this machine.",
  },
  "reach.other": {
    line: "The connection to {host} failed ({code}).",
    fix: "Open {url} in a browser on this machine: what it says is why.",
  },
  "reach.http-for-https": {
    line: "The address says http, but {host} speaks https.",
    fix: "Use {better}.",
  },
  "reach.path": {
    line: "{url} is a page of Mattermost, not the server's address.",
    fix: "Use {better}.",
  },
  "reach.redirect": {
    line: "{host} sends requests on to {target}.",
    fix: "If Mattermost is there, use that address. If it is a login page in front of Mattermost, that has to let /api/v4 through.",
  },
  "reach.html": {
    line: "{host} answers with a web page, not as Mattermost's API does.",
    fix: "Check the address, its path included. If a proxy or a login page stands in front of Mattermost, it has to let /api/v4 through.",
  },
  "reach.gateway": {
    line: "What stands in front of Mattermost answers {status}: it does not reach the server.",
    fix: "Start Mattermost, or wait until it is up, then try again.",
  },
  "reach.limited": {
    line: "{host} asks to wait: too many requests (429).",
    fix: "Try again in a minute.",
  },
  "reach.not-mattermost": {
    line: "{host} answers {status}, and not as Mattermost does.",
    fix: "Check the address, its port and its path: Mattermost's own address opens its login page in a browser.",
  },

  "tls.self-signed": {
    line: "The certificate of {host} is self-signed, so nobody vouches for it.",
    fix: "Save the certificate as a file and start OpenCode, and opencode-mattermost's commands, with NODE_EXTRA_CA_CERTS=/path/to/it.pem in the environment; or give the server a signed one.",
  },
  "tls.unknown-issuer": {
    line: "The certificate of {host} is signed by an authority that this machine does not know.",
    fix: "Start OpenCode, and opencode-mattermost's commands, with NODE_EXTRA_CA_CERTS=/path/to/the-authority.pem in the environment. If the authority is a public one, the server leaves out an intermediate certificate: have it send the whole chain.",
  },
  "tls.expired": {
    line: "The certificate of {host} has expired.",
    fix: "Renew it on the server. If it is new, this machine's clock is wrong.",
  },
  "tls.other-name": {
    line: "The certificate of {host} is for another name.",
    fix: "Use the name that the certificate is for, or give the server one for {hostname}.",
  },
  "tls.none": {
    line: "The address says https, but {host} does not speak it.",
    fix: 'Check the port in the address. If the server has no https, use {better} – on this machine that is safe, elsewhere it needs --allow-insecure, or the option "allowInsecure".',
  },

  "proxy.unreachable": {
    line: "The proxy {proxy} of your environment cannot be reached ({code}).",
    fix: "Correct HTTPS_PROXY or HTTP_PROXY. If {hostname} needs no proxy, add it to NO_PROXY.",
  },
  "proxy.refuses": {
    line: "The proxy {proxy} of your environment answers {status} instead of passing on to {host}.",
    fix: "Have the proxy allow {host}; if it wants a login (407), put name and password into HTTPS_PROXY. If {hostname} needs no proxy, add it to NO_PROXY.",
  },

  "token.none": {
    line: "There is no bot token.",
    fix: "Create a bot account in Mattermost (Integrations → Bot Accounts) and give its token: in MATTERMOST_TOKEN, in a file (--token-file), or on standard input (--token-stdin).",
  },
  "token.wrong": {
    line: "What was given as the token cannot be one.",
    fix: "Copy the bot's token alone: letters and digits, without spaces or line breaks.",
  },
  "token.ok": { line: "The token is that of the bot @{bot}." },
  "token.refused": {
    line: "Mattermost does not accept the token.",
    fix: "Create a new one (Integrations → Bot Accounts → Create New Token) and copy it whole; it is the token, not its id. If the bot account is disabled there, enable it.",
  },
  "token.person": {
    line: "The token belongs to the person @{user}, not to a bot.",
    fix: "Create a bot account (Integrations → Bot Accounts → Add Bot Account) and use its token.",
  },
  "bots.off": {
    line: "Bot accounts are switched off on this server, and the token is not a bot's.",
    fix: "Ask an administrator to switch them on (System Console → Integrations → Bot Accounts → Enable Bot Account Creation), then create a bot account and use its token.",
  },
  "token.no-answer": {
    line: "The token could not be checked: {reason}.",
    fix: "Try again; if it stays so, the server's log says why.",
  },

  "owner.pairing": {
    line: "No owner is named: OpenCode shows a code, and who sends it to the bot becomes the owner.",
  },
  "owner.none": {
    line: "There is no owner.",
    fix: "Give your Mattermost username or user id: --owner, or MATTERMOST_OWNER.",
  },
  "owner.ok": { line: "The bot may write to @{owner}." },
  "owner.unknown": {
    line: "Mattermost has no user “{owner}”.",
    fix: "Give your username as your profile shows it, without the @, or your user id.",
  },
  "owner.deactivated": {
    line: "The account @{owner} is deactivated.",
    fix: "Have an administrator activate it, or name another owner.",
  },
  "owner.bot": {
    line: "@{owner} is a bot, and the owner has to be a person.",
    fix: "Give your own username.",
  },
  "owner.no-dm": {
    line: "The bot may not open direct messages with @{owner}: {reason}.",
    fix: "Add the bot to a team that you are in, or have an administrator allow direct messages (System Console → Users and Teams).",
  },
  "owner.no-answer": {
    line: "The owner could not be checked: {reason}.",
    fix: "Try again; if it stays so, the server's log says why.",
  },

  "socket.ok": { line: "The live connection (WebSocket) opens and knows the bot." },
  "socket.direct": {
    line: "The proxy {proxy} lets no WebSockets through; the live connection opens without it.",
  },
  "socket.blocked": {
    line: "Mattermost answers requests at {host}, but no WebSocket gets through.",
    fix: 'A proxy in front of Mattermost has to pass them on. For nginx, at {path}: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";',
  },
  "socket.proxy": {
    line: "The proxy {proxy} of your environment lets no WebSockets through to {host}, and without it the server is not reached.",
    fix: "Have the proxy allow CONNECT and WebSockets to {host}. If there is a way without the proxy, add {hostname} to NO_PROXY.",
  },
  "socket.silent": {
    line: "The WebSocket to {host} opened or hung, but Mattermost did not greet within {seconds} s.",
    fix: "Something on the way holds it back, such as a proxy or a virus scanner that looks into https: have it leave {host} alone. If the server is only slow now, try again.",
  },

  "server.ok": {
    line: "Mattermost {version}: posts of up to {chars} characters, files of up to {megabytes} MB.",
  },
  "server.old": {
    line: "Mattermost {version} is older than any that the bridge was tested with.",
    fix: "Update the server to {least} or newer.",
  },
  "server.edits": {
    line: "Mattermost {version}: posts can be edited for {seconds} s only, so a long answer goes on in new posts.",
  },
  "server.no-answer": {
    line: "The server's limits could not be read: {reason}.",
    fix: "Try again; if it stays so, the server's log says why.",
  },

  "hello.said": { line: "The bot has said hello to @{owner}." },
  "hello.before": { line: "The bot has said hello to @{owner} before." },
  "hello.failed": {
    line: "The bot could not say hello: {reason}.",
    fix: "The settings are written. Look into your direct messages, then run this again.",
  },
} as const;
