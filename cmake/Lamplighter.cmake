# Build rules shared by all layers: compiler flags, and one function a kind of target.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

# "address,undefined,fuzzer-no-link" serves unit tests and fuzzers alike (it counts what ran, for whoever asks); "thread".
set(LAMPLIGHTER_SANITIZE "" CACHE STRING "Sanitizers, as clang's -fsanitize takes them")

find_program(CCACHE ccache)
if(CCACHE)
  # What is compiled in one checkout serves in another (clang's, which knows where its precompiled header lies, in one at
  # the same place). The sloppiness is what precompiled headers ask for.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

find_package(Threads REQUIRED)
find_package(tl-expected REQUIRED)
find_package(fmt REQUIRED)
find_package(Boost 1.81 REQUIRED CONFIG COMPONENTS json)
# Whoever only builds the program needs no GoogleTest; ctest refuses to pass without a test (CMakePresets.json).
find_package(GTest QUIET)
option(LAMPLIGHTER_TESTS "Unit tests, proofs and benchmarks (needs GoogleTest)" ${GTest_FOUND})
if(LAMPLIGHTER_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
  enable_testing()
endif()

# Tests are compiled more often than they are run.
set(LAMPLIGHTER_TEST_FLAGS -O0)

# What every target has: warnings, the folders of includes, and what the precompiled headers need.
add_library(lamplighter_flags INTERFACE)
target_link_libraries(lamplighter_flags INTERFACE tl::expected fmt::fmt Boost::json)
target_compile_options(lamplighter_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # gcc 12 reports impossible overlaps and overruns in std::string's operator+ (gcc bugs 105651, 105329).
  target_compile_options(lamplighter_flags INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow
                         -Wno-stringop-overread)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  target_compile_options(lamplighter_flags INTERFACE -Wthread-safety)  # base/mutex.h
endif()
target_include_directories(lamplighter_flags INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
if(LAMPLIGHTER_SANITIZE)
  add_compile_options(-fsanitize=${LAMPLIGHTER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${LAMPLIGHTER_SANITIZE})
endif()

# What script/test builds of a preset, beside what stands in no group.
add_custom_target(programs)
add_custom_target(unit_tests)
add_custom_target(fuzzers)

# Compiled once, used by all of a kind. (ccache sees what is in gcc's with -fpch-preprocess; clang's are alike each time
# they are made without the times of what they include.)
function(lamplighter_precompiled name header)
  add_library(${name} STATIC ${PROJECT_SOURCE_DIR}/cmake/precompiled.cc)
  target_link_libraries(${name} PRIVATE lamplighter_flags ${ARGN})
  target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/${header})
endfunction()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  add_compile_options(-fpch-preprocess)
else()
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()
lamplighter_precompiled(precompiled precompiled.h)
if(LAMPLIGHTER_TESTS)
  lamplighter_precompiled(precompiled_test precompiled_test.h GTest::gmock)
  target_compile_options(precompiled_test PRIVATE ${LAMPLIGHTER_TEST_FLAGS})
endif()

# The house: the rows of the table in docs/architecture.md, in its order (house_folders), and the targets that each may
# link (house_links_FOLDER). A folder's target is its path with _ for / ("src/engine/core" → engine_core).
set(house_table ${PROJECT_SOURCE_DIR}/docs/architecture.md)
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${house_table})
file(READ ${house_table} house_text)
string(REGEX REPLACE "[;[]|]" " " house_text "${house_text}") # they mean something in a CMake list
string(REGEX MATCHALL "\n\\| `(src|apps)/[^\n]*" house_rows "${house_text}")
set(house_folders "")
foreach(row ${house_rows})
  string(REGEX REPLACE "^\n\\| `([a-z_/]+)/` .*$" "\\1" folder "${row}")
  string(REGEX REPLACE "^.*\\|([^|]*)\\|$" "\\1" allowed "${row}")
  string(REGEX MATCHALL "[a-z_/]+" allowed "${allowed}")
  list(TRANSFORM allowed REPLACE "/" "_")
  list(APPEND house_folders ${folder})
  set(house_links_${folder} ${allowed})
endforeach()

# lamplighter_folder([LINK libraries…] [TEST_LINK libraries…]): a library of a row's *.cc, those of subfolders without a row
# of their own included, and a test program of its *_test.cc, which stand beside the source that they test. It links what
# its row allows, and the given libraries of others.
function(lamplighter_folder)
  cmake_parse_arguments(arg "" "" "LINK;TEST_LINK" ${ARGN})
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  string(REGEX REPLACE "^src/" "" name ${folder})
  string(REPLACE "/" "_" name ${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc)
  foreach(other ${house_folders})
    if(other MATCHES "^${folder}/")
      list(FILTER sources EXCLUDE REGEX "/${other}/")
    endif()
  endforeach()
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC lamplighter_flags ${house_links_${folder}} ${arg_LINK})
  target_precompile_headers(${name} REUSE_FROM precompiled)
  if(tests AND LAMPLIGHTER_TESTS)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} ${arg_TEST_LINK} GTest::gmock GTest::gtest_main)
    target_precompile_headers(${name}_test REUSE_FROM precompiled_test)
    target_compile_options(${name}_test PRIVATE ${LAMPLIGHTER_TEST_FLAGS})
    target_compile_definitions(${name}_test PRIVATE LAMPLIGHTER_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_dependencies(unit_tests ${name}_test)
    gtest_discover_tests(${name}_test DISCOVERY_TIMEOUT 60 DISCOVERY_MODE PRE_TEST
                         PROPERTIES SKIP_REGULAR_EXPRESSION "not run: no data")
  endif()
endfunction()

# lamplighter_program(NAME SOURCES… LINK libraries…): a program in the root of the build directory.
function(lamplighter_program name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE lamplighter_flags ${arg_LINK})
  target_precompile_headers(${name} REUSE_FROM precompiled)
  add_dependencies(programs ${name})
endfunction()

# lamplighter_proof(NAME PROGRAM RUNS arguments…): a test by random runs, RUNS of them (under the sanitizers, where each takes
# ten times as long, a tenth). LAMPLIGHTER_PROOF_LENGTH in the environment multiplies it: 0.1, 20 (tests/support/proof_length.h).
function(lamplighter_proof name program runs)
  if(LAMPLIGHTER_SANITIZE)
    math(EXPR runs "(${runs} + 9) / 10")
  endif()
  add_test(NAME ${name} COMMAND ${program} --runs ${runs} ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS proof)
  add_dependencies(unit_tests ${program})
endfunction()
