/** The colours of a project, as core names them (projects.schema.ts, PROJECT_COLORS; a test compares). */
export const COLORS = [
  'red',
  'orange',
  'amber',
  'yellow',
  'lime',
  'green',
  'emerald',
  'teal',
  'cyan',
  'sky',
  'blue',
  'indigo',
  'violet',
  'purple',
  'pink',
  'rose',
] as const
export type Color = (typeof COLORS)[number]
