/** The app's name among the programs of a computer: bundle id on macOS, application user model id on Windows. */
export const APP_ID = 'dev.m3m.desktop'
