(* SPDX-License-Identifier: Apache-2.0 *)
(* Doubles by their bits: as the text of C99's %a, of which each has exactly one, and as m 2^e exactly. *)

let fraction_of bits = Int64.to_int (Int64.logand bits 0xf_ffff_ffff_ffffL)
let exponent_of bits = Int64.to_int (Int64.shift_right_logical bits 52) land 0x7ff
let is_negative x = Int64.bits_of_float x < 0L
let is_finite x = exponent_of (Int64.bits_of_float x) <> 0x7ff

(* m 2^e = x; x is finite. *)
let exactly x =
  let bits = Int64.bits_of_float x in
  let exponent = exponent_of bits and fraction = fraction_of bits in
  let m = if exponent = 0 then fraction else fraction lor (1 lsl 52) in
  let e = max exponent 1 - 1075 in
  if m = 0 then (Z.zero, Z.zero) else (Z.of_int (if bits < 0L then -m else m), Z.of_int e)

(* As integers in the order of the numbers; both zeros give 0. *)
let order_of x =
  let size = Int64.logand (Int64.bits_of_float x) Int64.max_int in
  if is_negative x then Int64.neg size else size

let is_positive x = order_of x > 0L
let is_zero x = order_of x = 0L

(* The one text of a finite double: 0x1.8p+1, -0x0p+0, 0x0.0000000000001p-1022. *)
let to_hex x =
  let bits = Int64.bits_of_float x in
  let exponent = exponent_of bits and fraction = fraction_of bits in
  let digits = Printf.sprintf "%013x" fraction in
  let rec last k = if k > 0 && digits.[k - 1] = '0' then last (k - 1) else k in
  let kept = String.sub digits 0 (last 13) in
  Printf.sprintf "%s0x%d%s%sp%+d"
    (if bits < 0L then "-" else "")
    (if exponent = 0 then 0 else 1)
    (if kept = "" then "" else ".")
    kept
    (if exponent = 0 && fraction = 0 then 0 else max exponent 1 - 1023)

(* The inverse. What is read loosely here is refused because its spelling is another. *)
let from_hex text =
  let value =
    try
      let negative = text.[0] = '-' in
      let start = if negative then 1 else 0 in
      let at_p = String.index text 'p' in
      let leading = Char.code text.[start + 2] - Char.code '0' in
      let digits = if at_p = start + 3 then "" else String.sub text (start + 4) (at_p - start - 4) in
      let exponent = int_of_string (String.sub text (at_p + 2) (String.length text - at_p - 2)) in
      let exponent = if text.[at_p + 1] = '-' then -exponent else exponent in
      if String.length digits > 13 || exponent > 1023 || exponent < -1022 then None
      else
        let fraction = int_of_string ("0x" ^ digits ^ String.make (13 - String.length digits) '0') in
        let biased = if leading = 1 then exponent + 1023 else 0 in
        let bits = Int64.logor (Int64.shift_left (Int64.of_int biased) 52) (Int64.of_int fraction) in
        Some (Int64.float_of_bits (if negative then Int64.logor bits Int64.min_int else bits))
    with Not_found | Failure _ | Invalid_argument _ -> None
  in
  match value with Some x when is_finite x && to_hex x = text -> Some x | _ -> None

(* For people: as many digits as say which double it is. *)
let quoted x =
  let digits k = Printf.sprintf "%.*g" k x in
  let same text = Int64.bits_of_float (float_of_string text) = Int64.bits_of_float x in
  match List.find_opt same [ digits 15; digits 16 ] with Some text -> text | None -> digits 17
