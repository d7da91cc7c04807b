import ivm from 'isolated-vm'

// The one import of the addon; a second copy in one process would not know the first one's handles.
export { ivm }
