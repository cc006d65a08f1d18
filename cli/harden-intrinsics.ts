/**
 * Makes the language's own objects what they are for good, in this process: a rule that would change them for all that
 * come after it fails there and then. Assignments to members of their own kind, which freezing alone would forbid
 * (`this.name = …` in an error's constructor), still make one of the object that is assigned to.
 */
export function hardenIntrinsics(): void {
  for (const prototype of [Object.prototype, ...ERRORS.map((error) => error.prototype)]) keepOverridable(prototype);
  for (const intrinsic of [...named().values(), ...HIDDEN]) Object.freeze(intrinsic);
  // These have a setter.
  for (const [name, value] of Object.entries({ Buffer, performance, process })) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) keepGlobal(name);
}

/**
 * Remembers the functions of the language's own objects. What it gives says which of them are others by now, as
 * `JSON.parse`: what is changed while rules are loaded has nobody's review to fail. Whatever is added is welcome.
 */
export function rememberIntrinsics(): () => string[] {
  const remembered: { readonly name: string; readonly object: object; readonly key: PropertyKey; own: unknown }[] = [];
  for (const [owner, object] of [...named(), ['', globalThis] as const]) {
    for (const key of Reflect.ownKeys(object)) {
      const own = functionOf(object, key);
      if (own === undefined || key === 'constructor') continue;
      remembered.push({ name: owner === '' ? String(key) : `${owner}.${String(key)}`, object, key, own });
    }
  }
  return () => {
    const others: string[] = [];
    // By itself: whatever a list could do may be what has changed.
    for (let i = 0; i < remembered.length; i++) {
      const { name, object, key, own } = remembered[i] as (typeof remembered)[number];
      if (functionOf(object, key) !== own) others[others.length] = name;
    }
    return others;
  };
}

/** Of the global accessors, Buffer alone is what all go by; others are read only when somebody needs them. */
function functionOf(object: object, key: PropertyKey): unknown {
  const { value, get } = Object.getOwnPropertyDescriptor(object, key) ?? {};
  const own: unknown = key === 'Buffer' ? get?.call(globalThis) : value;
  return typeof own === 'function' ? own : undefined;
}

/** By the names that a rule's author knows them by. */
function named(): Map<string, object> {
  const constructors = [...ERRORS, ...OTHERS].flatMap((made): [string, object][] => [
    [made.name, made],
    [`${made.name}.prototype`, made.prototype],
  ]);
  return new Map([...constructors, ...Object.entries(NAMESPACES)]);
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
const NAMESPACES = { JSON, Math, Reflect, Atomics, Intl };
/** The prototypes that have no name: `for … of` and `async` go by them. */
const HIDDEN = [
  [][Symbol.iterator](),
  new Map()[Symbol.iterator](),
  new Set()[Symbol.iterator](),
  ''[Symbol.iterator](),
  ''.matchAll(/a/g),
  [].values().map(() => undefined),
  // What a generator makes inherits from a prototype of its own first.
  Object.getPrototypeOf((function* () {})()),
  Object.getPrototypeOf((async function* () {})()),
  function* () {},
  async function* () {},
  async () => {},
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
