#include "jsonata/jsonata.h"

#include "jsonata/evaluate/evaluator.h"
#include "jsonata/evaluate/json_text.h"
#include "jsonata/syntax/parser.h"
#include "jsonata/syntax/program.h"
#include "jsonata/syntax/references.h"
#include "jsonata/syntax/resolve.h"

namespace lamplighter::jsonata {
namespace {

Attempt<Node*> parse_program(Program& program) { return resolve(program, JSONATA_TRY(parse_raw(program))); }

Attempt<std::optional<json::value>> evaluate_program(Evaluator& evaluator, const json::value* input,
                                                     std::size_t max_bytes) {
  return to_json(JSONATA_TRY(evaluator.run(input)), evaluator.arena(), max_bytes);
}

}  // namespace

Result<Expression> Expression::parse(std::string_view text) {
  auto program = std::make_shared<Program>(text);
  const auto root = parse_program(*program);
  if (!root) return tl::unexpected(to_error(*root.error(), program->text));
  program->root = *root;
  program->root_symbol = program->symbols.find("$");
  return Expression(std::move(program));
}

Result<std::optional<json::value>> Expression::evaluate(const json::value* input,
                                                        const Environment& environment) const {
  Evaluator evaluator(*program_, environment);
  auto result = evaluate_program(evaluator, input, environment.limits.bytes);
  if (!result) return tl::unexpected(to_error(*result.error(), program_->text));
  return *std::move(result);
}

References Expression::references() const { return find_references(*program_); }

}  // namespace lamplighter::jsonata
