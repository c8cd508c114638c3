# Writes HEADER with the commit that SOURCE is: as git has it ("+" behind it where files were changed), or as `git archive`
# wrote it into cmake/commit.txt; "" where nobody knows. Run at each build; a header that says the same is left alone.
execute_process(COMMAND git describe --always --abbrev=7 --exclude=* --dirty=+ WORKING_DIRECTORY ${SOURCE}
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
file(READ ${SOURCE}/cmake/commit.txt archived)
string(STRIP "${archived}" archived)
if(failed)
  set(commit "")
  if(archived MATCHES "^[0-9a-f]+$")
    string(SUBSTRING ${archived} 0 7 commit)
  endif()
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#define LAMPLIGHTER_COMMIT \"${commit}\"\n")
