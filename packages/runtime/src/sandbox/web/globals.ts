/** Web globals by the file that makes them. Timers are the turn's own (install.ts), `fetch` and its kin a room. */
export const webGlobals: Readonly<Record<string, readonly string[]>> = {
  'sandbox/web/clone.ts': ['structuredClone'],
  'sandbox/web/url.ts': ['URL', 'URLSearchParams'],
  'sandbox/web/text.ts': ['TextEncoder', 'TextDecoder', 'atob', 'btoa'],
  'sandbox/web/events.ts': [
    'AbortController',
    'AbortSignal',
    'Event',
    'EventTarget',
    'CustomEvent',
    'DOMException',
  ],
}
