/** The TypeScript declarations of everything a service of one project may use. */
export interface RuntimeTypes {
  dts: string
}
