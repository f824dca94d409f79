(* SPDX-License-Identifier: Apache-2.0 *)
(* JSON (RFC 8259) read strictly: every byte counts, no duplicate keys, valid UTF-8, at most 16 levels; and
   objects with a known set of fields. *)

open Input

type t =
  | Null
  | Bool of bool
  | Unsigned of Z.t  (* an integer from 0 to 2^64 - 1, written without a sign *)
  | Number of float  (* any number written with a fraction or an exponent, or a larger integer *)
  | Signed  (* an integer with a sign: accepted nowhere *)
  | String of string
  | List of t list
  | Object of (string * t) list

let deepest = 16
let largest_unsigned = Z.pred (Z.shift_left Z.one 64)
let smallest_signed = Z.neg (Z.shift_left Z.one 63)

let add_utf_8 out code =
  let byte b = Buffer.add_char out (Char.chr b) in
  let more k = byte (0x80 lor ((code lsr k) land 0x3f)) in
  if code < 0x80 then byte code
  else if code < 0x800 then (byte (0xc0 lor (code lsr 6)); more 0)
  else if code < 0x10000 then (byte (0xe0 lor (code lsr 12)); more 6; more 0)
  else (byte (0xf0 lor (code lsr 18)); more 12; more 6; more 0)

let parse file text =
  let length = String.length text and at = ref 0 in
  let fail what =
    refuse (file ^ ": content") (Printf.sprintf "(%s at byte %d of %d)" what !at length) "JSON in UTF-8 and nothing after it"
  in
  let peek () = if !at < length then text.[!at] else '\000' in
  let next () = if !at < length then (incr at; text.[!at - 1]) else fail "the end" in
  let rec skip () = match peek () with ' ' | '\t' | '\n' | '\r' when !at < length -> incr at; skip () | _ -> () in
  let expect c = if next () <> c then (decr at; fail (Printf.sprintf "no '%c'" c)) in
  let word literal value = String.iter expect literal; value in
  let is_digit c = c >= '0' && c <= '9' in
  let digits () =
    if not (is_digit (peek ())) then fail "no digit";
    while is_digit (peek ()) do incr at done
  in
  let number () =
    let start = !at in
    let signed = peek () = '-' in
    if signed then incr at;
    if peek () = '0' then incr at else digits ();
    let integer = !at in
    if peek () = '.' then (incr at; digits ());
    if peek () = 'e' || peek () = 'E' then (
      incr at;
      if peek () = '+' || peek () = '-' then incr at;
      digits ());
    let spelled = String.sub text start (!at - start) in
    let real () =
      let x = float_of_string spelled in
      if Number.is_finite x then Number x else fail "a number beyond those of doubles"
    in
    (* Of so few digits it is an integer of 64 bits at most; long ones are not worth their arithmetic. *)
    if !at > integer || String.length spelled > 20 then real ()
    else
      let value = Z.of_string spelled in
      if signed then (if Z.geq value smallest_signed then Signed else real ())
      else if Z.leq value largest_unsigned then Unsigned value
      else real ()
  in
  let four_digits () =
    let value = ref 0 in
    for _ = 1 to 4 do
      let digit =
        match next () with
        | '0' .. '9' as c -> Char.code c - Char.code '0'
        | 'a' .. 'f' as c -> Char.code c - Char.code 'a' + 10
        | 'A' .. 'F' as c -> Char.code c - Char.code 'A' + 10
        | _ -> fail "no hexadecimal digit"
      in
      value := (16 * !value) + digit
    done;
    !value
  in
  let escape out =
    match next () with
    | ('"' | '\\' | '/') as c -> Buffer.add_char out c
    | 'b' -> Buffer.add_char out '\b'
    | 'f' -> Buffer.add_char out '\012'
    | 'n' -> Buffer.add_char out '\n'
    | 'r' -> Buffer.add_char out '\r'
    | 't' -> Buffer.add_char out '\t'
    | 'u' ->
        let first = four_digits () in
        if first < 0xd800 || first > 0xdfff then add_utf_8 out first
        else (
          if first > 0xdbff then fail "half a surrogate pair";
          expect '\\';
          expect 'u';
          let second = four_digits () in
          if second < 0xdc00 || second > 0xdfff then fail "half a surrogate pair";
          add_utf_8 out (0x10000 + ((first - 0xd800) lsl 10) + (second - 0xdc00)))
    | _ -> fail "no such escape"
  in
  (* A byte beyond ASCII with those that must follow it: no overlong forms, surrogates or codes beyond 10ffff. *)
  let beyond_ascii out first =
    let follow low high =
      let c = next () in
      if Char.code c < low || Char.code c > high then fail "no UTF-8";
      Buffer.add_char out c
    in
    Buffer.add_char out first;
    let rest k = for _ = 1 to k do follow 0x80 0xbf done in
    match Char.code first with
    | b when b >= 0xc2 && b <= 0xdf -> rest 1
    | 0xe0 -> follow 0xa0 0xbf; rest 1
    | 0xed -> follow 0x80 0x9f; rest 1
    | b when b >= 0xe1 && b <= 0xef -> rest 2
    | 0xf0 -> follow 0x90 0xbf; rest 2
    | b when b >= 0xf1 && b <= 0xf3 -> rest 3
    | 0xf4 -> follow 0x80 0x8f; rest 2
    | _ -> fail "no UTF-8"
  in
  let string () =
    expect '"';
    let out = Buffer.create 16 in
    let rec go () =
      match next () with
      | '"' -> Buffer.contents out
      | '\\' -> escape out; go ()
      | c when c < ' ' -> fail "a control character"
      | c when c < '\128' -> Buffer.add_char out c; go ()
      | c -> beyond_ascii out c; go ()
    in
    go ()
  in
  let rec value depth =
    if depth > deepest then
      refuse (file ^ ": nesting") (Printf.sprintf "%d levels" depth) (Printf.sprintf "at most %d levels" deepest);
    skip ();
    let result =
      match peek () with
      | '{' -> incr at; fields depth
      | '[' -> incr at; items depth
      | '"' -> String (string ())
      | 't' -> word "true" (Bool true)
      | 'f' -> word "false" (Bool false)
      | 'n' -> word "null" Null
      | _ -> number ()
    in
    skip ();
    result
  and items depth =
    skip ();
    if peek () = ']' then (incr at; List [])
    else
      let rec go before =
        let all = value (depth + 1) :: before in
        match next () with ',' -> go all | ']' -> List (List.rev all) | _ -> decr at; fail "no ',' or ']'"
      in
      go []
  and fields depth =
    let seen = Hashtbl.create 16 in
    let field () =
      skip ();
      let name = string () in
      if depth >= deepest then
        refuse (file ^ ": nesting") (Printf.sprintf "%d levels" (depth + 1)) (Printf.sprintf "at most %d levels" deepest);
      if Hashtbl.mem seen name then refuse (file ^ ": repeated field") (Printf.sprintf "\"%s\"" (String.escaped name)) "every field once";
      Hashtbl.add seen name ();
      skip ();
      expect ':';
      (name, value (depth + 1))
    in
    skip ();
    if peek () = '}' then (incr at; Object [])
    else
      let rec go before =
        let all = field () :: before in
        match next () with ',' -> go all | '}' -> Object (List.rev all) | _ -> decr at; fail "no ',' or '}'"
      in
      go []
  in
  let result = value 0 in
  if !at < length then fail "something";
  result

(* In ASCII, shortened: fit for a message of one line. *)
let excerpt json =
  let out = Buffer.create 100 in
  let text s =
    Buffer.add_char out '"';
    String.iter
      (fun c ->
        if c = '"' || c = '\\' then Printf.bprintf out "\\%c" c
        else if c < ' ' || c > '~' then Printf.bprintf out "\\u%04x" (Char.code c)
        else Buffer.add_char out c)
      (String.sub s 0 (min 100 (String.length s)));
    Buffer.add_char out '"'
  in
  let rec go = function
    | _ when Buffer.length out > 100 -> ()
    | Null -> Buffer.add_string out "null"
    | Bool b -> Buffer.add_string out (string_of_bool b)
    | Unsigned z -> Buffer.add_string out (Z.to_string z)
    | Number x -> Buffer.add_string out (Number.quoted x)
    | Signed -> Buffer.add_string out "an integer with a sign"
    | String s -> text s
    | List l -> Buffer.add_char out '['; separated go l; Buffer.add_char out ']'
    | Object l ->
        Buffer.add_char out '{';
        separated (fun (name, x) -> text name; Buffer.add_char out ':'; go x) l;
        Buffer.add_char out '}'
  and separated : 'a. ('a -> unit) -> 'a list -> unit =
   fun each l -> List.iteri (fun k x -> if Buffer.length out <= 100 then (if k > 0 then Buffer.add_char out ','; each x)) l
  in
  go json;
  beginning 80 (Buffer.contents out)

(* An object of exactly these fields. `where` stands in front of their names in messages. *)
type fields = { where : string; values : (string * t) list }

let fields where names json =
  match json with
  | Object values ->
      List.iter
        (fun (name, _) ->
          if not (List.mem name names) then
            refuse (where ^ "unknown field") (excerpt (String name)) ("only " ^ String.concat ", " names))
        values;
      List.iter
        (fun name -> if not (List.mem_assoc name values) then refuse (where ^ name) "(missing)" (String.concat ", " names))
        names;
      { where; values }
  | _ -> refuse where (excerpt json) ("an object of " ^ String.concat ", " names)

let path f name = f.where ^ name
let get f name = List.assoc name f.values
let reject f name accepted = refuse (path f name) (excerpt (get f name)) accepted
let is_null f name = get f name = Null
let inner f name names = fields (path f name ^ ".") names (get f name)
let text f name = match get f name with String s -> s | _ -> reject f name "a string"
let count f name = match get f name with Unsigned z -> z | _ -> reject f name "an integer >= 0"
let list f name = match get f name with List l -> l | _ -> reject f name "a list"

(* A count that memory can hold: all that is as large as that is refused. *)
let small_count f name =
  let z = count f name in
  if Z.fits_int z then Z.to_int z else reject f name "a size that fits in memory"

let real f name =
  match get f name with
  | String s when Number.from_hex s <> None -> Option.get (Number.from_hex s)
  | _ -> reject f name "a finite double as a string in C99's %a notation, such as \"0x1.8p+1\""

let require_text f name expected = if text f name <> expected then reject f name (excerpt (String expected))

let require_count f name expected =
  if not (Z.equal (count f name) (Z.of_int expected)) then reject f name (string_of_int expected)
