# SPDX-License-Identifier: Apache-2.0
# Turns a text file into a C++ source that defines alignproof::embedded::NAME as a string_view:
#   cmake -DINPUT=page.html -DOUTPUT=page.cpp -DNAME=page -P embed.cmake

foreach(argument INPUT OUTPUT NAME)
  if(NOT DEFINED ${argument})
    message(FATAL_ERROR "embed.cmake needs -D${argument}=...")
  endif()
endforeach()

file(READ "${INPUT}" rest)
if("${rest}" MATCHES "\\)embed\"")
  message(FATAL_ERROR "${INPUT} contains )embed\", which ends the string literal")
endif()

# Compilers need not accept literals above 16 kB. Pieces end at line breaks, so that no character
# of several bytes is cut.
set(longest 12000)
set(literals "")
string(LENGTH "${rest}" length)
while(length GREATER longest)
  string(SUBSTRING "${rest}" 0 ${longest} head)
  string(FIND "${head}" "\n" last REVERSE)
  if(last LESS 0)
    message(FATAL_ERROR "${INPUT} has a line of more than ${longest} bytes")
  endif()
  math(EXPR next "${last} + 1")
  string(SUBSTRING "${rest}" 0 ${next} head)
  string(SUBSTRING "${rest}" ${next} -1 rest)
  string(APPEND literals "    R\"embed(${head})embed\"\n")
  string(LENGTH "${rest}" length)
endwhile()
string(APPEND literals "    R\"embed(${rest})embed\"")

get_filename_component(source "${INPUT}" NAME)
file(WRITE "${OUTPUT}" "// Made from ${source} by embed.cmake: edit that file.
#include <string_view>

namespace alignproof::embedded {

extern const std::string_view ${NAME};
const std::string_view ${NAME} =
${literals};

}  // namespace alignproof::embedded
")
