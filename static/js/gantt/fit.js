/* Texts cut to the width they have. Overflow hidden in each row would do it too, but has the browser arrange anew what
   it draws in every frame of a scroll. */
const context = document.createElement("canvas").getContext("2d");
const SPARE = 1; // pixels, for what a letter's neighbours change of its width

export class Fit {
  /* For texts of a font, as CSS writes it: weight, size and families. */
  constructor(font) {
    this.font = font;
    this.letters = new Map();
  }

  letter(letter) {
    if (!this.letters.has(letter)) {
      context.font = this.font;
      this.letters.set(letter, context.measureText(letter).width);
    }
    return this.letters.get(letter);
  }

  width(text) {
    let width = 0;
    for (const letter of text) width += this.letter(letter);
    return width;
  }

  /* The text, or as much of its beginning as fits with an ellipsis after it. */
  cut(text, room) {
    const end = room - SPARE;
    const dots = this.letter("…");
    let width = 0;
    let kept = 0;
    for (const letter of text) {
      width += this.letter(letter);
      if (width > end) return `${text.slice(0, kept).trimEnd()}…`;
      if (width + dots <= end) kept += letter.length;
    }
    return text;
  }
}
