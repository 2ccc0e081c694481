// Does a text hold an API token? Asked before anything is stored: one hint too many costs a sentence, one too few a customer's token.

/** Spaces and characters that show as nothing: chats and mail programs put them into long words. */
const GAPS = /[\s\p{Cf}]+/gu;
/** Inside of something that is too long for a word: there a token was broken. */
const BREAKS = /(?<=[\w.-]{16})\s+(?=[\w.-]{4})/g;

/** A word that begins as the base64url of `{"` does: header or payload of a JWT. */
const JSON_WORD = /(?<![\w-])eyJ[\w-]{16,}/;
/** Anywhere, also in the middle of a word: `{"`, `{ "` or `{` and a line break, in base64url. Overlapping matches are all found. */
const JSON_BEGINNINGS = /(?=(e[yw][A-Za-z0-9_-]{8,64}))/g;
const FIRST_MEMBER = /^\{\s*"[\w$.:/-]{1,40}"\s*:/;

/** Two long parts of base64url with a dot between: the end of a JWT whose beginning came in another message. */
const TWO_PARTS = /(?<![\w-])([\w-]{20,})\.(?=([\w-]{20,}))/g;

/** Telegram's deep links: their payload is ours, up to 64 characters without a dot. */
const DEEP_LINK = /^\/start(?:@\w+)? [\w-]{1,64}$/;

/** Also when it was broken over lines, and when it is only a part. */
export function looksSecret(text: string): boolean {
  if (DEEP_LINK.test(text)) return false;
  return JSON_WORD.test(text) || holdsJson(text.replace(GAPS, "")) || holdsTwoParts(text.replace(BREAKS, ""));
}

/** For texts that people did not write as such, ids of all kinds among them: nothing but what can be read as the beginning of a JWT. */
export const isSurelySecret = (text: string): boolean => holdsJson(text);

function holdsJson(text: string): boolean {
  for (const [, word = ""] of text.matchAll(JSON_BEGINNINGS)) {
    if (FIRST_MEMBER.test(Buffer.from(word, "base64url").toString("latin1"))) return true;
  }
  return false;
}

function holdsTwoParts(text: string): boolean {
  for (const [, first = "", second = ""] of text.matchAll(TWO_PARTS)) {
    if (/\d/.test(first + second) && [first, second].every((part) => /[a-z]/.test(part) && /[A-Z]/.test(part)))
      return true;
  }
  return false;
}
