// What a page may do with the variables of its build, as TypeScript sees them through Vite's types and altc's.
const address: string = import.meta.env.VITE_API
const mode: string = import.meta.env.MODE
// Only one stage gives it.
const beta: string | undefined = import.meta.env.VITE_BETA

// @ts-expect-error it is a text
const wrong: number = import.meta.env.VITE_API
// @ts-expect-error it may be missing
const risky: string = import.meta.env.VITE_BETA
export { address, mode, beta, wrong, risky }
