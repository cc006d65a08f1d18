/**
 * A text with nothing in it that a terminal obeys or a reader cannot see: control characters, those that turn the direction
 * of writing, and halves of a surrogate pair are shown as `\u{1b}`; line breaks too, since a report's lines are its own.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Unicode's control characters, surrogates, separators of lines and paragraphs, and directional formatting (UAX #9). */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
