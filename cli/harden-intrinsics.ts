/**
 * Makes the language's own objects what they are for good, in this thread: a rule that would change them for all that
 * come after it fails there and then. Object.prototype only takes no more members, since to make those that it has
 * read-only would break every object that has one of the same name.
 */
export function hardenIntrinsics(): void {
  Object.preventExtensions(Object.prototype);
  for (const intrinsic of [
    Array,
    Boolean,
    Date,
    Error,
    Function,
    Map,
    Number,
    Promise,
    RegExp,
    Set,
    String,
    Symbol,
    WeakMap,
  ]) {
    Object.freeze(intrinsic);
    Object.freeze(intrinsic.prototype);
  }
  for (const intrinsic of [JSON, Math, Object, Reflect, Atomics]) Object.freeze(intrinsic);
}
