// A plugin in C: a shared object by Node-API. What it exports are the members of the module `nativeHash`.
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef uint32_t (*hash_fn)(const uint8_t *bytes, size_t length);

// CRC-32 as in zip and png: polynomial 0xEDB88320, reflected (ISO 3309).
static uint32_t crc32(const uint8_t *bytes, size_t length) {
  uint32_t crc = 0xFFFFFFFFu;
  for (size_t i = 0; i < length; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

// FNV-1a, 32 bits (RFC 9923).
static uint32_t fnv1a(const uint8_t *bytes, size_t length) {
  uint32_t hash = 0x811C9DC5u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ bytes[i]) * 0x01000193u;
  return hash;
}

static napi_value hex(napi_env env, uint32_t hash) {
  char text[9];
  napi_value result;
  snprintf(text, sizeof text, "%08x", hash);
  return napi_create_string_utf8(env, text, 8, &result) == napi_ok ? result : NULL;
}

// The argument comes from a service: a text or bytes, anything else is refused.
static napi_value hash_argument(napi_env env, napi_callback_info info, hash_fn hash) {
  size_t count = 1;
  napi_value argument;
  napi_valuetype type;
  bool is_bytes = false;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_typeof(env, argument, &type);
  napi_is_typedarray(env, argument, &is_bytes);
  if (is_bytes) {
    napi_typedarray_type kind;
    size_t length;
    void *bytes;
    napi_get_typedarray_info(env, argument, &kind, &length, &bytes, NULL, NULL);
    if (kind == napi_uint8_array) return hex(env, hash(bytes, length));
  }
  if (type != napi_string) {
    napi_throw_type_error(env, "NATIVE_HASH_ARGUMENT", "nativeHash expects a text or a Uint8Array.");
    return NULL;
  }
  size_t length;
  napi_get_value_string_utf8(env, argument, NULL, 0, &length);
  char *text = malloc(length + 1);
  if (text == NULL) {
    napi_throw_error(env, "NATIVE_HASH_MEMORY", "There is no memory for a text of that length; hash it in parts.");
    return NULL;
  }
  napi_get_value_string_utf8(env, argument, text, length + 1, &length);
  napi_value result = hex(env, hash((const uint8_t *)text, length));
  free(text);
  return result;
}

static napi_value crc32_member(napi_env env, napi_callback_info info) { return hash_argument(env, info, crc32); }
static napi_value fnv1a_member(napi_env env, napi_callback_info info) { return hash_argument(env, info, fnv1a); }

NAPI_MODULE_INIT() {
  napi_property_descriptor members[] = {
    {"crc32", NULL, crc32_member, NULL, NULL, NULL, napi_enumerable, NULL},
    {"fnv1a", NULL, fnv1a_member, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, sizeof members / sizeof *members, members);
  return exports;
}
