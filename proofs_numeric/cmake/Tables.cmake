# SPDX-License-Identifier: Apache-2.0
# Tables whose rows are files: a file put into the folder is in the table, and nothing else lists it.
#   alignproof_table(TABLE PATTERN TEMPLATE [FILES])
# writes TABLE (in the binary folder) from TEMPLATE: a line that holds {name} stands there once for each
# file of PATTERN, in the order of the alphabet, any other line once. {name} is what the * of PATTERN
# stands for: a file's name without its ending, or a folder's. FILES is set to the files.
# CONFIGURE_DEPENDS: a file that comes or goes is seen by the next build.
function(alignproof_table table pattern template)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} ${pattern})
  list(SORT files)
  string(REPLACE "." "[.]" star ${pattern})
  string(REPLACE "*" "([^/]*)" star ${star})
  set(text "// Made by CMake: a row for each ${pattern}.\n")
  # Lines are cut off one by one: as a list they would be split at their semicolons too.
  while(NOT "${template}" STREQUAL "")
    string(REGEX MATCH "^[^\n]*\n" line "${template}")
    if("${line}" STREQUAL "")
      message(FATAL_ERROR "the template of ${table} does not end with a whole line: ${template}")
    endif()
    string(LENGTH "${line}" length)
    string(SUBSTRING "${template}" ${length} -1 template)
    if("${line}" MATCHES "{name}")
      foreach(file ${files})
        string(REGEX REPLACE "^${star}$" "\\1" name ${file})
        string(REPLACE "{name}" "${name}" row "${line}")
        string(APPEND text "${row}")
      endforeach()
    else()
      string(APPEND text "${line}")
    endif()
  endwhile()
  file(CONFIGURE OUTPUT ${table} CONTENT "${text}" @ONLY)  # keeps the time of a file that stays the same
  if(ARGC GREATER 3)
    set(${ARGV3} ${files} PARENT_SCOPE)
  endif()
endfunction()
