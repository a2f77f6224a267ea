/** Looks at calls of a method from outside: in a world that is watched, and in no other. The hot
 * path of every other run knows nothing of watchers and pays nothing for them. */

/** Names of the methods of an object. */
type MethodName<T> = {
  [K in keyof T]-?: T[K] extends (...args: never[]) => unknown ? K : never;
}[keyof T];
type Method<T, K extends keyof T> = Extract<T[K], (...args: never[]) => unknown>;

/** What is called around a method. */
export interface Around<A extends readonly unknown[]> {
  readonly before?: (...args: A) => void;
  readonly after?: (...args: A) => void;
}

/** From now on, whoever calls the object's method calls `before` and `after` with it. What the
 * method does and returns stays. */
export function intercept<T extends object, K extends MethodName<T>>(
  target: T,
  name: K,
  around: Around<Parameters<Method<T, K>>>,
): void {
  type Args = Parameters<Method<T, K>>;
  const original = (target[name] as (...args: Args) => unknown).bind(target);
  const watched = (...args: Args): unknown => {
    around.before?.(...args);
    const result = original(...args);
    around.after?.(...args);
    return result;
  };
  Object.defineProperty(target, name, { value: watched, configurable: true, writable: true });
}
