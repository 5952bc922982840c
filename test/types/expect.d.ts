// What the type tests say their expectations with: two types are the same, or the call does not compile.
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles when `A` and `B` are the same type, not merely assignable to each other. */
export declare function same<A, B>(proof: Same<A, B>): void;
