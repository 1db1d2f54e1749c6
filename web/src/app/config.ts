// What the server says of itself in the page.

export interface Config {
  readonly version: string;
  /** Who signs people in: Doable itself, Better Auth, or another issuer, whose people bring an access token. */
  readonly provider: "accounts" | "better-auth" | "other";
  readonly signUp: "open" | "closed";
  /** The address of Better Auth; null: of this page. */
  readonly authUrl: string | null;
}

const ASSUMED: Config = { version: "", provider: "accounts", signUp: "open", authUrl: null };

function read(): Config {
  const text = document.querySelector<HTMLMetaElement>('meta[name="doable"]')?.content;
  return text ? { ...ASSUMED, ...JSON.parse(text) } : ASSUMED;
}

export const config = read();
