# Build rules shared by all layers: compiler flags, and one function a kind of target.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

option(LAMPLIGHTER_SANITIZE "Address and UndefinedBehavior sanitizers" OFF)
option(LAMPLIGHTER_FUZZ "libFuzzer targets (needs clang)" OFF)

find_program(CCACHE ccache)
if(CCACHE)
  # What is compiled in one checkout serves in another. The sloppiness is what precompiled headers ask for.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

find_package(Threads REQUIRED)
find_package(tl-expected REQUIRED)
find_package(fmt REQUIRED)
find_package(Boost 1.81 REQUIRED CONFIG COMPONENTS json)
option(LAMPLIGHTER_TESTS "Unit tests and the programs that other tests drive (needs GoogleTest)" ON)
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
target_include_directories(lamplighter_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
if(LAMPLIGHTER_SANITIZE OR LAMPLIGHTER_FUZZ)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(LAMPLIGHTER_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Compiled once, used by all of a kind. (gcc stores them with -fpch-preprocess so that ccache sees what is in them.)
function(lamplighter_precompiled name header)
  add_library(${name} STATIC ${PROJECT_SOURCE_DIR}/cmake/precompiled.cc)
  target_link_libraries(${name} PRIVATE lamplighter_flags ${ARGN})
  target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/${header})
endfunction()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  add_compile_options(-fpch-preprocess)
endif()
lamplighter_precompiled(precompiled precompiled.h)
if(LAMPLIGHTER_TESTS)
  lamplighter_precompiled(precompiled_test precompiled_test.h GTest::gmock)
  target_compile_options(precompiled_test PRIVATE ${LAMPLIGHTER_TEST_FLAGS})
endif()

# lamplighter_layer(NAME [libraries…]): a library of the directory's *.cc and a test program of its
# *_test.cc, which stand beside the source that they test.
function(lamplighter_layer name)
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC lamplighter_flags ${ARGN})
  target_precompile_headers(${name} REUSE_FROM precompiled)
  if(tests AND LAMPLIGHTER_TESTS)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${name} GTest::gmock GTest::gtest_main)
    target_precompile_headers(${name}_test REUSE_FROM precompiled_test)
    target_compile_options(${name}_test PRIVATE ${LAMPLIGHTER_TEST_FLAGS})
    gtest_discover_tests(${name}_test DISCOVERY_TIMEOUT 60)
  endif()
endfunction()

# lamplighter_program(NAME SOURCES… LINK libraries…): a program in the root of the build directory.
function(lamplighter_program name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE lamplighter_flags ${arg_LINK})
  target_precompile_headers(${name} REUSE_FROM precompiled)
endfunction()
