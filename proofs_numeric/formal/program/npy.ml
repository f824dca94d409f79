(* SPDX-License-Identifier: Apache-2.0 *)
(* numpy's .npy format 1.0, dtype '<f8', C order, of a shape that is known: nothing else is accepted. *)

open Input

let magic = "\x93NUMPY\x01\x00"
let header_start = "{'descr': '<f8', 'fortran_order': False, 'shape': "

let shape_text = function
  | [ one ] -> Printf.sprintf "(%d,)" one
  | shape -> "(" ^ String.concat ", " (List.map string_of_int shape) ^ ")"

let starts_with text start = String.length text >= String.length start && String.sub text 0 (String.length start) = start

(* Whether the text is `start`, then blanks, then one end of line. *)
let ends_in_blanks text start =
  let length = String.length text and from = String.length start in
  starts_with text start && length > from && text.[length - 1] = '\n'
  && String.trim (String.sub text from (length - from - 1)) = ""
  && not (String.exists (fun c -> c <> ' ') (String.sub text from (length - from - 1)))

(* The finite doubles of an array, in the order of the file. *)
let read name shape bytes =
  let size = String.length bytes in
  let preamble = String.length magic + 2 in
  if size < preamble || not (starts_with bytes magic) then
    refuse (name ^ ": size or first bytes") (Printf.sprintf "%d bytes" size) "a file of numpy's .npy format 1.0";
  let length = String.get_uint16_le bytes (preamble - 2) in
  if size < preamble + length then
    refuse (name ^ ": size") (Printf.sprintf "%d bytes" size)
      (Printf.sprintf "at least the %d bytes of its header" (preamble + length));
  let header = String.sub bytes preamble length in
  if not (ends_in_blanks header (header_start ^ shape_text shape ^ ", }")) then
    refuse (name ^ ": header") ("'" ^ beginning 80 (String.trim header) ^ "'")
      (Printf.sprintf "a header of numpy's .npy format 1.0 with '<f8' in C order and the shape %s" (shape_text shape));
  let start = preamble + length in
  let data = size - start in
  (* Without a product that could wrap around. *)
  let entries = List.fold_left (fun left extent -> if extent > 0 && left mod extent = 0 then left / extent else -1) (data / 8) shape in
  if data mod 8 <> 0 || entries <> 1 then
    refuse (name ^ ": data after the header") (Printf.sprintf "%d bytes" data)
      (Printf.sprintf "8 bytes an entry of shape %s" (shape_text shape));
  Array.init (data / 8) (fun k ->
      let x = Int64.float_of_bits (String.get_int64_le bytes (start + (8 * k))) in
      if not (Number.is_finite x) then
        refuse (Printf.sprintf "%s: entry %d" name k) (Number.quoted x) "finite numbers";
      x)
