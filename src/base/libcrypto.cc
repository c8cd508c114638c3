#include "base/libcrypto.h"

namespace lamplighter {

const Libcrypto& libcrypto() {
  static const Libcrypto loaded;
  return loaded;
}

}  // namespace lamplighter
