(* SPDX-License-Identifier: Apache-2.0 *)
(* What ends a check without a verdict: bad input (exit 2), and what the system lacks (exit 4). *)

exception Refused of string
exception No_verdict of string

(* Fit for one line of a terminal. *)
let one_line text =
  let out = Buffer.create (String.length text) in
  String.iter
    (fun c -> if c < ' ' || c = '\127' then Printf.bprintf out "\\x%02x" (Char.code c) else Buffer.add_char out c)
    text;
  Buffer.contents out

let beginning most text = if String.length text <= most then text else String.sub text 0 most ^ "..."

(* "eta = -1 is not accepted: give a finite number > 0" *)
let refuse what value accepted =
  raise (Refused (one_line (Printf.sprintf "%s = %s is not accepted: give %s" what (beginning 600 value) accepted)))
