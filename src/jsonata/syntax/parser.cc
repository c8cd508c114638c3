#include "jsonata/syntax/parser.h"

#include <algorithm>

#include "jsonata/evaluate/stack_guard.h"
#include "jsonata/syntax/lexer.h"

namespace lamplighter::jsonata {
namespace {

// How strongly a sign binds what stands left of it; 0 ends an expression.
int binding_power(const Token& token) {
  if (token.type != TokenType::sign) return 0;
  switch (token.sign) {
    case sign_of('['):
    case sign_of('('):
    case sign_of('@'):
    case sign_of('#'):
      return 80;
    case sign_of('.'):
      return 75;
    case sign_of('{'):
      return 70;
    case sign_of('*'):
    case sign_of('/'):
    case sign_of('%'):
      return 60;
    case sign_of('+'):
    case sign_of('-'):
    case sign_of('&'):
      return 50;
    case sign_of('='):
    case sign_of('!', '='):
    case sign_of('<'):
    case sign_of('>'):
    case sign_of('<', '='):
    case sign_of('>', '='):
    case sign_of('~', '>'):
    case sign_of('^'):
    case kIn:
      return 40;
    case kAnd:
      return 30;
    case kOr:
      return 25;
    case sign_of('?'):
      return 20;
    case sign_of(':', '='):
      return 10;
    default:
      return 0;
  }
}

Operator operator_of(Sign sign) {
  switch (sign) {
    case sign_of('+'):
      return Operator::add;
    case sign_of('-'):
      return Operator::subtract;
    case sign_of('*'):
      return Operator::multiply;
    case sign_of('/'):
      return Operator::divide;
    case sign_of('%'):
      return Operator::modulo;
    case sign_of('='):
      return Operator::equal;
    case sign_of('!', '='):
      return Operator::not_equal;
    case sign_of('<'):
      return Operator::less;
    case sign_of('<', '='):
      return Operator::less_equal;
    case sign_of('>'):
      return Operator::greater;
    case sign_of('>', '='):
      return Operator::greater_equal;
    case sign_of('&'):
      return Operator::concatenate;
    case kAnd:
      return Operator::conjunction;
    case kOr:
      return Operator::disjunction;
    case kIn:
      return Operator::includes;
    default:
      return Operator::none;
  }
}

constexpr int kUnaryPower = 70;

class Parser {
 public:
  explicit Parser(Program& program)
      : program_(program), arena_(program.arena), lexer_(program.text, program.arena) {}

  Attempt<Node*> parse() {
    JSONATA_CHECK(advance());
    Node* root = JSONATA_TRY(expression(0));
    if (token_.type != TokenType::end) return fail_at("S0201", token_);
    return root;
  }

 private:
  using Parsed = Attempt<Node*>;
  // Each in a frame of its own: inlined into `prefix` and `infix`, all frames together would stand on the
  // stack at each level of nesting.

  // --- tokens -----------------------------------------------------------------------------------------
  Done advance(bool infix = false) {
    token_ = JSONATA_TRY(lexer_.next(infix));
    if (token_.type == TokenType::sign && (token_.sign == sign_of('!') || token_.sign == sign_of('~'))) {
      return fail_at("S0204", token_);
    }
    return {};
  }

  [[nodiscard]] bool at(Sign sign) const { return token_.type == TokenType::sign && token_.sign == sign; }

  Done expect(Sign sign, std::string_view text, bool infix = false) {
    if (!at(sign)) {
      return fail_at(token_.type == TokenType::end ? "S0203" : "S0202", token_, Value(text));
    }
    return advance(infix);
  }

  tl::unexpected<Failure*> fail_at(const char* code, const Token& token, Value value = {}) {
    // To the reference the token of a regular expression is an object, with nothing in it that JSON can show.
    const Value shown = token.type == TokenType::regex ? Value(arena_.make<Object>()) : token.value;
    return fail_at(code, token.position, token.text, value, shown);
  }
  tl::unexpected<Failure*> fail_at(const char* code, std::size_t position, std::string_view token,
                                   Value value = {}, Value token_value = {}) {
    Failure failure;
    failure.code = code;
    failure.position = position;
    failure.token = token;
    failure.has_token = true;
    failure.value = value;
    failure.token_value = token_value;
    return fail(arena_, failure);
  }

  // --- nodes ------------------------------------------------------------------------------------------
  Node* node(NodeType type, const Token& token) {
    Node* made = arena_.make<Node>(Node{.type = type});
    made->position = static_cast<std::uint32_t>(token.position);
    made->text = token.text;
    return made;
  }

  // Sets the height of a finished node; a tree that is too high ends the parse.
  Parsed finish(Node* made) {
    std::uint32_t below = 0;
    const auto look = [&below](const Node* child) {
      if (child != nullptr) below = std::max(below, child->height);
    };
    for (const Node* child : {made->left, made->right, made->other}) look(child);
    for (const Node* child : made->items) look(child);
    for (const Pair& pair : made->pairs) look(pair.key), look(pair.value);
    for (const SortTerm& term : made->terms) look(term.expression);
    made->height = below + 1;
    if (made->height > kMaxTreeHeight) return fail_at(kDepthLimit, made->position, made->text);
    return made;
  }

  // --- expressions ------------------------------------------------------------------------------------
  Parsed expression(int right_power) {
    if (++depth_ > kMaxTreeHeight || stack_.is_exceeded()) return fail_at(kDepthLimit, token_);
    Token token = token_;
    JSONATA_CHECK(advance(true));
    Node* left = JSONATA_TRY(prefix(token));
    while (right_power < binding_power(token_)) {
      token = token_;
      JSONATA_CHECK(advance());
      left = JSONATA_TRY(infix(token, left));
    }
    --depth_;
    return left;
  }

  [[gnu::noinline]] Parsed prefix(const Token& token) {
    switch (token.type) {
      case TokenType::end:
        return node(NodeType::end, token);
      case TokenType::name:
        return node(NodeType::name, token);
      case TokenType::variable:
        return variable(token);
      case TokenType::string:
        return literal(NodeType::string, token, Value(token.text));
      case TokenType::number:
        return literal(NodeType::number, token, token.value);
      case TokenType::literal:
        return literal(NodeType::literal, token, token.value);
      case TokenType::regex:
        return regex(token);
      case TokenType::sign:
        break;
    }
    switch (token.sign) {
      case kAnd:
      case kOr:
      case kIn:
        return node(NodeType::name, token);
      case sign_of('-'):
        return negation(token);
      case sign_of('*'):
        return node(NodeType::wildcard, token);
      case sign_of('*', '*'):
        return node(NodeType::descendant, token);
      case sign_of('%'):
        return node(NodeType::parent, token);
      case sign_of('('):
        return block(token);
      case sign_of('['):
        return array(token);
      case sign_of('{'):
        return object(token, nullptr);
      case sign_of('|'):
        return transform(token);
      default:
        return fail_at("S0211", token);
    }
  }

  [[gnu::noinline]] Parsed infix(const Token& token, Node* left) {
    switch (token.sign) {
      case sign_of('.'):
        return pair_of(NodeType::dot, token, left, 75);
      case sign_of('~', '>'):
        return pair_of(NodeType::apply, token, left, 40);
      case sign_of('@'):
        return binding(NodeType::focus, token, left);
      case sign_of('#'):
        return binding(NodeType::position, token, left);
      case sign_of('('):
        return call(token, left);
      case sign_of('['):
        return predicate(token, left);
      case sign_of('{'):
        return object(token, left);
      case sign_of('^'):
        return order_by(token, left);
      case sign_of('?'):
        return condition(token, left);
      case sign_of(':', '='):
        return assignment(token, left);
      default:
        break;
    }
    Node* made = JSONATA_TRY(pair_of(NodeType::binary, token, left, binding_power(token)));
    made->op = operator_of(token.sign);
    return made;
  }

  [[gnu::noinline]] Parsed pair_of(NodeType type, const Token& token, Node* left, int power) {
    Node* made = node(type, token);
    made->left = left;
    made->right = JSONATA_TRY(expression(power));
    return finish(made);
  }

  Parsed variable(const Token& token) {
    Node* made = node(NodeType::variable, token);
    made->symbol = program_.symbols.intern(arena_, token.text);
    return made;
  }

  Parsed literal(NodeType type, const Token& token, Value value) {
    Node* made = node(type, token);
    made->value = value;
    return made;
  }

  [[gnu::noinline]] Parsed regex(const Token& token) {
    Node* made = node(NodeType::regex, token);
    auto compiled = Regex::compile(token.text, token.flags);
    if (!compiled) {
      Failure failure;
      failure.code = "S0303";
      failure.position = token.position;
      failure.token = token.text;
      failure.has_token = true;
      failure.message = arena_.copy(compiled.error());
      return fail(arena_, failure);
    }
    made->regex = compiled->get();
    program_.regexes.push_back(*std::move(compiled));
    return made;
  }

  [[gnu::noinline]] Parsed negation(const Token& token) {
    Node* made = node(NodeType::negate, token);
    made->left = JSONATA_TRY(expression(kUnaryPower));
    return finish(made);
  }

  [[gnu::noinline]] Parsed block(const Token& token) {
    Node* made = node(NodeType::block, token);
    while (!at(sign_of(')'))) {
      made->items.push(arena_, JSONATA_TRY(expression(0)));
      if (!at(sign_of(';'))) break;
      JSONATA_CHECK(advance());
    }
    JSONATA_CHECK(expect(sign_of(')'), ")", true));
    return finish(made);
  }

  [[gnu::noinline]] Parsed array(const Token& token) {
    Node* made = node(NodeType::array, token);
    if (!at(sign_of(']'))) {
      for (;;) {
        made->items.push(arena_, JSONATA_TRY(array_item()));
        if (!at(sign_of(','))) break;
        JSONATA_CHECK(advance());
      }
    }
    JSONATA_CHECK(expect(sign_of(']'), "]", true));
    return finish(made);
  }

  [[gnu::noinline]] Parsed array_item() {
    Node* first = JSONATA_TRY(expression(0));
    if (!at(sign_of('.', '.'))) return first;
    Node* range = node(NodeType::binary, token_);
    range->op = Operator::range;
    range->left = first;
    JSONATA_CHECK(advance());
    range->right = JSONATA_TRY(expression(0));
    return finish(range);
  }

  // Behind an operand (`left`) the braces group it.
  [[gnu::noinline]] Parsed object(const Token& token, Node* left) {
    Node* made = node(left == nullptr ? NodeType::object : NodeType::group_by, token);
    made->left = left;
    if (!at(sign_of('}'))) {
      for (;;) {
        Node* key = JSONATA_TRY(expression(0));
        JSONATA_CHECK(expect(sign_of(':'), ":"));
        made->pairs.push(arena_, Pair{key, JSONATA_TRY(expression(0))});
        if (!at(sign_of(','))) break;
        JSONATA_CHECK(advance());
      }
    }
    JSONATA_CHECK(expect(sign_of('}'), "}", true));
    return finish(made);
  }

  [[gnu::noinline]] Parsed transform(const Token& token) {
    Node* made = node(NodeType::transform, token);
    made->left = JSONATA_TRY(expression(0));
    JSONATA_CHECK(expect(sign_of('|'), "|"));
    made->right = JSONATA_TRY(expression(0));
    if (at(sign_of(','))) {
      JSONATA_CHECK(advance());
      made->other = JSONATA_TRY(expression(0));
    }
    JSONATA_CHECK(expect(sign_of('|'), "|"));
    return finish(made);
  }

  [[gnu::noinline]] Parsed binding(NodeType type, const Token& token, Node* left) {
    Node* made = JSONATA_TRY(pair_of(type, token, left, 80));
    if (made->right->type != NodeType::variable) return fail_at("S0214", made->right->position, token.text);
    return made;
  }

  [[gnu::noinline]] Parsed assignment(const Token& token, Node* left) {
    if (left->type != NodeType::variable) return fail_at("S0212", left->position, left->text);
    Node* made = JSONATA_TRY(pair_of(NodeType::bind, token, left, 9));  // binds to the right
    made->symbol = left->symbol;
    return made;
  }

  [[gnu::noinline]] Parsed condition(const Token& token, Node* left) {
    Node* made = node(NodeType::condition, token);
    made->left = left;
    made->right = JSONATA_TRY(expression(0));
    if (at(sign_of(':'))) {
      JSONATA_CHECK(advance());
      made->other = JSONATA_TRY(expression(0));
    }
    return finish(made);
  }

  [[gnu::noinline]] Parsed predicate(const Token& token, Node* left) {
    if (at(sign_of(']'))) {  // keeps an array of one an array
      Node* step = left;
      while (step->type == NodeType::predicate) step = step->left;
      step->keep_array = true;
      JSONATA_CHECK(advance());
      return left;
    }
    Node* made = JSONATA_TRY(pair_of(NodeType::predicate, token, left, 0));
    JSONATA_CHECK(expect(sign_of(']'), "]", true));
    return made;
  }

  [[gnu::noinline]] Parsed order_by(const Token& token, Node* left) {
    Node* made = node(NodeType::order_by, token);
    made->left = left;
    JSONATA_CHECK(expect(sign_of('('), "("));
    for (;;) {
      const bool descending = at(sign_of('>'));
      if (descending || at(sign_of('<'))) JSONATA_CHECK(advance());
      made->terms.push(arena_, SortTerm{JSONATA_TRY(expression(0)), descending});
      if (!at(sign_of(','))) break;
      JSONATA_CHECK(advance());
    }
    JSONATA_CHECK(expect(sign_of(')'), ")"));
    return finish(made);
  }

  // --- functions --------------------------------------------------------------------------------------
  [[gnu::noinline]] Parsed call(const Token& token, Node* procedure) {
    Node* made = node(NodeType::function, token);
    made->left = procedure;
    JSONATA_CHECK(arguments(made));
    JSONATA_CHECK(expect(sign_of(')'), ")", true));
    if (procedure->type == NodeType::name && (procedure->text == "function" || procedure->text == "λ")) {
      return lambda(made);
    }
    return finish(made);
  }

  [[gnu::noinline]] Done arguments(Node* made) {
    if (at(sign_of(')'))) return {};
    for (;;) {
      if (at(sign_of('?'))) {
        made->type = NodeType::partial;
        made->items.push(arena_, node(NodeType::placeholder, token_));
        JSONATA_CHECK(advance());
      } else {
        made->items.push(arena_, JSONATA_TRY(expression(0)));
      }
      if (!at(sign_of(','))) return {};
      JSONATA_CHECK(advance());
    }
  }

  [[gnu::noinline]] Parsed lambda(Node* made) {
    made->type = NodeType::lambda;
    for (std::size_t i = 0; i < made->items.size(); ++i) {
      const Node* parameter = made->items[i];
      if (parameter->type != NodeType::variable) {
        return fail_at("S0208", parameter->position, parameter->text, Value(static_cast<double>(i + 1)));
      }
    }
    if (at(sign_of('<'))) JSONATA_CHECK(signature(made));
    JSONATA_CHECK(expect(sign_of('{'), "{"));
    made->left = JSONATA_TRY(expression(0));
    JSONATA_CHECK(expect(sign_of('}'), "}"));
    return finish(made);
  }

  [[gnu::noinline]] Done signature(Node* made) {
    const std::size_t position = token_.position;
    std::string text = "<";
    int depth = 1;
    while (depth > 0 && !at(sign_of('{')) && token_.type != TokenType::end) {
      JSONATA_CHECK(advance());
      if (at(sign_of('>'))) --depth;
      if (at(sign_of('<'))) ++depth;
      text.append(token_.text);
    }
    JSONATA_CHECK(expect(sign_of('>'), ">"));
    auto parsed = Signature::parse(text);
    if (!parsed) {
      return fail_at(parsed.error().code, position + parsed.error().offset, {},
                     Value(arena_.copy(parsed.error().value)));
    }
    made->signature = parsed->get();
    program_.signatures.push_back(*std::move(parsed));
    return {};
  }

  Program& program_;
  Arena& arena_;
  Lexer lexer_;
  Token token_;
  std::size_t depth_ = 0;
  StackGuard stack_;
};

}  // namespace

Attempt<Node*> parse_raw(Program& program) { return Parser(program).parse(); }

}  // namespace lamplighter::jsonata
