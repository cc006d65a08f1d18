import { isCreditCard, isIsbn10, isIsbn13 } from './formats/check-digits.ts';
import { isDate, isDateTime } from './formats/date-time.ts';
import { isDuration } from './formats/duration.ts';
import { isHostname } from './formats/hostname.ts';
import { isCidr, isIpv4, isIpv6 } from './formats/ip-address.ts';
import { isMac } from './formats/mac.ts';
import { isMailAddress } from './formats/mail-address.ts';
import { isRequestUri } from './formats/request-uri.ts';

type FormatCheck = (text: string) => boolean;

/** By name without dashes, as the API server's registry has them. */
const CHECKS: { readonly [format: string]: FormatCheck } = {
  bsonobjectid: matches(/^[0-9a-f]{24}$/i),
  byte: isBase64,
  cidr: isCidr,
  creditcard: isCreditCard,
  date: isDate,
  datetime: isDateTime,
  duration: isDuration,
  email: isMailAddress,
  hexcolor: matches(/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i),
  hostname: isHostname,
  ipv4: isIpv4,
  ipv6: isIpv6,
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  k8slongname: isLongName,
  k8sshortname: matches(/^(?!.{64})[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/),
  mac: isMac,
  password: () => true,
  rgbcolor: isRgbColor,
  ssn: matches(/^(?=.{11}$)\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  uri: isRequestUri,
  uuid: matches(/^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i),
  uuid3: matches(/^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i),
  uuid4: matches(/^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
  uuid5: matches(/^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
};

/**
 * The formats of strings that an API server 1.36 checks, with all their oddities: kube-openapi's validation/strfmt and,
 * behind it, govalidator and the libraries of Go 1.26. Each takes time proportional to the text. The names are
 * Kubernetes' own spellings; `formatCheck` knows every other.
 */
export const FORMATS: { readonly [format: string]: FormatCheck } = {
  ...CHECKS,
  'date-time': isDateTime,
  'k8s-long-name': isLongName,
  'k8s-short-name': CHECKS.k8sshortname as FormatCheck,
};

/** Looks a format up as the API server does, which ignores dashes (`date-time`, `k8s-short-name`); of an unknown one nothing. */
export function formatCheck(format: string): FormatCheck | undefined {
  const name = format.replaceAll('-', '');
  return Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
}

function matches(pattern: RegExp): FormatCheck {
  return (text) => pattern.test(text);
}

/** Standard alphabet, padded, on one line, and not empty. */
function isBase64(text: string): boolean {
  return text !== '' && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

/** Three numbers up to 255 without leading zeros, and what Go's expressions take for white space around each. */
function isRgbColor(text: string): boolean {
  const color =
    /^rgb\([\t\n\f\r ]*(\d{1,3})[\t\n\f\r ]*,[\t\n\f\r ]*(\d{1,3})[\t\n\f\r ]*,[\t\n\f\r ]*(\d{1,3})[\t\n\f\r ]*\)$/;
  const parts = color.exec(text)?.slice(1);
  return parts?.every((part) => Number(part) <= 255 && (part === '0' || !part.startsWith('0'))) ?? false;
}

/** kube-openapi's k8s-long-name: labels of any length, 253 characters in all. */
function isLongName(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(label));
}
