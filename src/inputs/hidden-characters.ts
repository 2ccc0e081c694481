/**
 * Format characters (zero width, direction marks, soft hyphen, byte order mark) and the fillers that show as nothing. In an address they
 * make two different texts look the same.
 */
const HIDDEN = /\p{Cf}|[\u115f\u1160\u3164\uffa0]/u;

export const hasHiddenCharacters = (text: string): boolean => HIDDEN.test(text);
