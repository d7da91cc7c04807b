// URLPattern (WHATWG URL Pattern), by urlpattern-polyfill.
export { URLPattern } from 'urlpattern-polyfill/urlpattern'
