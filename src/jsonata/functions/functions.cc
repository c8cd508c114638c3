#include "jsonata/functions/functions.h"

#include <cstdlib>
#include <unordered_map>

#include "jsonata/syntax/signature.h"

namespace lamplighter::jsonata {
namespace {

struct Registry {
  std::vector<std::unique_ptr<const Signature>> signatures;
  std::unordered_map<std::string_view, Function> functions;

  void add(const NativeFunction& native) {
    auto signature = Signature::parse(native.signature);
    if (!signature) std::abort();  // a mistake in our own table
    Function function{.type = Function::Type::native, .arity = native.arity};
    function.signature = signature->get();
    function.native = &native;
    signatures.push_back(*std::move(signature));
    functions.emplace(native.name, function);
  }
};

Registry make_registry() {
  Registry registry;
  for (const auto& family :
       {number_functions(), aggregate_functions(), string_functions(), pattern_functions(),
        coding_functions(), boolean_functions(), array_functions(), object_functions(),
        higher_order_functions(), picture_functions(), date_functions(), step_functions()}) {
    for (const NativeFunction& native : family) registry.add(native);
  }
  return registry;
}

}  // namespace

const Function* find_native(std::string_view name) {
  static const Registry registry = make_registry();
  const auto found = registry.functions.find(name);
  return found == registry.functions.end() ? nullptr : &found->second;
}

}  // namespace lamplighter::jsonata
