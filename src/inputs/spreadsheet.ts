// Which Google spreadsheet a person means: its id, or an address that holds it. Whether it exists and is shared, only the backend can tell.
import { hasHiddenCharacters } from "./hidden-characters.ts";

const ID = /^[A-Za-z0-9_-]{20,128}$/;
/** Begins the id of what was published to the web: a copy for readers, behind which nobody can reach the spreadsheet. */
const PUBLISHED = "2PACX-";
const SHEETS_HOST = "docs.google.com";
const DRIVE_HOST = "drive.google.com";
/** An address of Google's is a few hundred characters long. */
const MAX_LENGTH = 2_048;

/** What people and apps put around an address; none of it occurs in an id. */
const AROUND = /^[(<«"'“]+|[)>»"'”.,;!]+$/g;

export type SpreadsheetResult =
  | { readonly ok: true; readonly spreadsheetId: string }
  | { readonly ok: false; readonly reason: SpreadsheetProblem };
export type SpreadsheetProblem =
  | "empty"
  | "tooLong"
  | "hiddenCharacters"
  /** Neither an id nor an address. */
  | "notRecognised"
  /** More than one spreadsheet. */
  | "several"
  /** Not Google Sheets. */
  | "otherHost"
  /** "Published to the web". */
  | "publishedLink"
  /** A folder in Drive. */
  | "folder"
  /** A text document, a presentation, a form, a file in Drive: anything but a spreadsheet. */
  | "document"
  /** Google Sheets, but no spreadsheet: its start page. */
  | "missingId"
  /** In the place of the id stands something that can't be one. */
  | "badId";

/** An id, an address, or a text with one address in it, as apps share them. Query and fragment are ignored; case is kept. */
export function parseSpreadsheet(text: string): SpreadsheetResult {
  if (text.length > MAX_LENGTH) return refused("tooLong");
  if (hasHiddenCharacters(text)) return refused("hiddenCharacters");
  const words = text
    .split(/\s+/)
    .map((word) => word.replace(AROUND, ""))
    .filter((word) => word !== "");
  const [word] = words;
  if (word === undefined) return refused("empty");
  const addresses = words.filter(isAddress);
  if (addresses.length > 0) return theOnly(addresses.map(parseAddress));
  if (words.length > 1) return refused("notRecognised");
  return parseId(word, "notRecognised");
}

const refused = (reason: SpreadsheetProblem): SpreadsheetResult => ({ ok: false, reason });

const isAddress = (word: string): boolean =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(word) || /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#]|$)/i.test(word);

function parseAddress(word: string): SpreadsheetResult {
  const address = word.includes("://") ? word : `https://${word}`;
  if (!URL.canParse(address)) return refused("notRecognised");
  const { protocol, username, password, host, pathname } = new URL(address);
  if (!/^https?:$/.test(protocol) || username !== "" || password !== "") return refused("otherHost");
  const path = pathname.split("/").filter((part) => part !== "");
  if (host === DRIVE_HOST) return refused(path.includes("folders") ? "folder" : "document");
  if (host !== SHEETS_HOST) return refused("otherHost");
  // In a company's own Google Workspace addresses begin with its name.
  return parsePath(path[0] === "a" ? path.slice(2) : path);
}

/** `spreadsheets/d/<id>/…`, with `u/<n>` in it for somebody who is signed in with several accounts. */
function parsePath([app, ...rest]: readonly string[]): SpreadsheetResult {
  if (app !== "spreadsheets") return refused(app === "folder" || app === "folderview" ? "folder" : "document");
  const [d, id, afterId] = rest[0] === "u" ? rest.slice(2) : rest;
  if (d !== "d" || id === undefined) return refused("missingId");
  return id === "e" ? parsePublished(afterId) : parseId(id, "badId");
}

const parsePublished = (id: string | undefined): SpreadsheetResult =>
  refused(id === undefined ? "missingId" : id.startsWith(PUBLISHED) ? "publishedLink" : "badId");

function parseId(text: string, otherwise: SpreadsheetProblem): SpreadsheetResult {
  if (text.startsWith(PUBLISHED)) return refused("publishedLink");
  return ID.test(text) ? { ok: true, spreadsheetId: text } : refused(otherwise);
}

/** Two addresses of one spreadsheet are one; of several problems the first is told. */
function theOnly(results: readonly SpreadsheetResult[]): SpreadsheetResult {
  const ids = new Set(results.flatMap((result) => (result.ok ? [result.spreadsheetId] : [])));
  const [first] = ids;
  if (ids.size > 1) return refused("several");
  if (first !== undefined) return { ok: true, spreadsheetId: first };
  return results[0] ?? refused("notRecognised");
}
