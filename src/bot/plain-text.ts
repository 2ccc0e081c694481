// A screen's text as people read it where Telegram's markup is not understood.

const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' };

/** Takes the markup out of a text for `parse_mode: HTML`; a `<tg-time>` leaves its own fallback text. */
export const withoutMarkup = (html: string): string =>
  html.replace(/<[^>]*>/g, "").replace(/&(?:amp|lt|gt|quot);/g, (entity) => ENTITIES[entity] ?? entity);
