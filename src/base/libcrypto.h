// What is used of OpenSSL's libcrypto, which is loaded when it is first needed (lazy_library.h).
#pragma once

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/lazy_library.h"

namespace lamplighter {

struct Libcrypto {
  LazyLibrary library{"libcrypto.so.3"};
  decltype(&::EVP_Digest) digest = library.function("EVP_Digest");
  decltype(&::EVP_md5) md5 = library.function("EVP_md5");
  decltype(&::EVP_sha1) sha1 = library.function("EVP_sha1");
  decltype(&::EVP_sha256) sha256 = library.function("EVP_sha256");
  decltype(&::EVP_sha384) sha384 = library.function("EVP_sha384");
  decltype(&::EVP_sha512) sha512 = library.function("EVP_sha512");
  decltype(&::HMAC) hmac = library.function("HMAC");
  decltype(&::EVP_EncodeBlock) to_base64 = library.function("EVP_EncodeBlock");
  decltype(&::RAND_bytes) random_bytes = library.function("RAND_bytes");
  /// Takes as long whatever was found.
  decltype(&::CRYPTO_memcmp) compare = library.function("CRYPTO_memcmp");
};

const Libcrypto& libcrypto();

}  // namespace lamplighter
