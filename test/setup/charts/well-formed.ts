/** Tags that were opened and not closed, or closed in the wrong order, and signs that XML wants escaped; none in a well-formed document. */
export function openTagsLeft(xml: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const texts = xml.replace(/<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_, closes, name, __, isEmpty) => {
    if (closes === "/") {
      const last = open.pop();
      if (last !== name) wrong.push(`</${name}> closes <${last}>`);
    } else if (isEmpty !== "/") open.push(name);
    return "";
  });
  if (/[<>]/.test(texts)) wrong.push(`an unescaped sign: ${/.{0,20}[<>].{0,20}/.exec(texts)?.[0]}`);
  if (/&(?!(?:amp|lt|gt|quot|#\d+);)/.test(xml)) wrong.push("an unescaped &");
  return [...open, ...wrong];
}
