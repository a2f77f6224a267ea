/** Puts something around a method of one object, and of no other of its kind: how a world is
 * watched after it was wired. */

/** Names of the methods of an object. */
type MethodName<T> = {
  [K in keyof T]-?: T[K] extends (...args: never[]) => unknown ? K : never;
}[keyof T];
type Method<T, K extends keyof T> = Extract<T[K], (...args: never[]) => unknown>;

/** From now on, whoever calls the object's method calls `around` with what the method does and its
 * arguments; it has to call that once, and to return what it returned. */
export function wrapMethod<T extends object, K extends MethodName<T>>(
  target: T,
  name: K,
  around: (
    original: (...args: Parameters<Method<T, K>>) => ReturnType<Method<T, K>>,
    ...args: Parameters<Method<T, K>>
  ) => ReturnType<Method<T, K>>,
): void {
  type Args = Parameters<Method<T, K>>;
  type Result = ReturnType<Method<T, K>>;
  const original = (target[name] as (...args: Args) => Result).bind(target);
  const wrapped = (...args: Args): Result => around(original, ...args);
  Object.defineProperty(target, name, { value: wrapped, configurable: true, writable: true });
}
