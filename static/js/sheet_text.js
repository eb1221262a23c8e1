/* Reading what people type and paste into a sheet. */

/* "1,234.50", "1 234,50", "¥1.2万" -> "1234.50"; empty -> null; anything else -> undefined: never a guess. */
export function parseNumber(text) {
  let raw = String(text ?? "").normalize("NFKC").replace(/[\s\u00a0\u202f']/g, "").replace(/^([-+]?)(?:CN¥|US\$|HK\$|[¥$€£])/, "$1");
  if (raw === "" || /^-{1,2}$/.test(raw) || raw === "–") return null;
  const unit = { 万: 4, 亿: 8 }[raw.at(-1)];
  if (unit) raw = raw.slice(0, -1);
  if (/^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(raw)) raw = raw.replaceAll(",", "");
  else if (/^[-+]?\d{1,3}(\.\d{3})+,\d*$/.test(raw)) raw = raw.replaceAll(".", "").replace(",", ".");
  else if (/^[-+]?\d+,\d*$/.test(raw)) raw = raw.replace(",", ".");
  const match = raw.match(/^([-+]?)(\d*)(?:\.(\d*))?$/);
  if (!match || !(match[2] || match[3])) return undefined;
  return shift(match[1] === "-" ? "-" : "", match[2] || "0", match[3] || "", unit || 0);
}

function shift(sign, whole, part, by) {
  const padded = part.padEnd(by, "0");
  const left = (whole + padded.slice(0, by)).replace(/^0+(?=\d)/, "");
  const right = padded.slice(by).replace(/0+$/, "");
  const isZero = /^0*$/.test(left + right);
  return `${isZero ? "" : sign}${left}${right ? `.${right}` : ""}`;
}

/* Tab-separated text as Excel, WPS and Sheets write it, with quoted cells. */
export function parseTsv(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y;
  const source = text.replace(/(\r\n|\n|\r)$/, "");
  for (cell.lastIndex = 0; ; ) {
    const match = cell.exec(source);
    if (!match) return [...source.split(/\r\n|\n|\r/)].map((line) => line.split("\t"));
    rows.at(-1).push(match[1] !== undefined ? match[1].replaceAll('""', '"') : match[2]);
    if (match[3] === "") return rows;
    if (match[3] !== "\t") rows.push([]);
  }
}

/* "1234.5" -> "1,234.50" */
export function format(value, places) {
  const [whole, part = ""] = value.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return places ? `${grouped}.${part.padEnd(places, "0")}` : grouped;
}

/* A decimal as a BigInt of its smallest unit, and back: sums stay exact. */
export function scaled(value, places) {
  if (value === null || value === undefined) return 0n;
  const [whole, part = ""] = value.replace("-", "").split(".");
  const number = BigInt(whole + part.slice(0, places).padEnd(places, "0"));
  return value.startsWith("-") ? -number : number;
}

export function unscaled(number, places) {
  const digits = String(number < 0n ? -number : number).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  return `${number < 0n ? "-" : ""}${whole}${places ? `.${digits.slice(-places)}` : ""}`;
}
