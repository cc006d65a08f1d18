/**
 * Makes the language's own objects what they are for good, in this process: a rule that would change them for all that
 * come after it fails there and then. Assignments to members of their own kind, which freezing alone would forbid
 * (`this.name = …` in an error's constructor), still make one of the object that is assigned to.
 */
export function hardenIntrinsics(): void {
  for (const prototype of [Object.prototype, ...ERRORS.map((error) => error.prototype)]) keepOverridable(prototype);
  const constructors = [...ERRORS, ...OTHERS];
  for (const intrinsic of [
    ...constructors,
    ...constructors.map(({ prototype }) => prototype),
    ...NAMESPACES,
    ...HIDDEN,
  ]) {
    Object.freeze(intrinsic);
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) keepGlobal(name);
}

const ERRORS = [Error, AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
const OTHERS = [
  Object,
  Array,
  ArrayBuffer,
  BigInt,
  Boolean,
  Buffer,
  Date,
  Function,
  Iterator,
  Map,
  Number,
  Promise,
  RegExp,
  Set,
  String,
  Symbol,
  Uint8Array,
  Object.getPrototypeOf(Uint8Array) as typeof Uint8Array,
  URL,
  WeakMap,
  WeakSet,
] as const;
const NAMESPACES = [JSON, Math, Reflect, Atomics, Intl];
/** The prototypes that have no name: `for … of` and `async` go by them. */
const HIDDEN = [
  [][Symbol.iterator](),
  new Map()[Symbol.iterator](),
  new Set()[Symbol.iterator](),
  ''[Symbol.iterator](),
  (function* () {})(),
  (async () => {})(),
].map((object) => Object.getPrototypeOf(object));

/** Turns a prototype's members into accessors: what inherits from it can be given its own, and the prototype cannot. */
function keepOverridable(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const { value, configurable, writable } = Object.getOwnPropertyDescriptor(prototype, key) ?? {};
    if (!configurable || !writable) continue;
    Object.defineProperty(prototype, key, {
      get: () => value,
      set(this: unknown, own: unknown) {
        if (this === prototype) throw new TypeError(`${String(key)} is the language's own, and cannot be changed`);
        Object.defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
      },
      enumerable: false,
      configurable: false,
    });
  }
  Object.preventExtensions(prototype);
}

/** JSON and the like stay what they are; what a rule adds is its own. */
function keepGlobal(name: string): void {
  const { configurable, writable } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {};
  if (configurable && writable) Object.defineProperty(globalThis, name, { writable: false, configurable: false });
}
