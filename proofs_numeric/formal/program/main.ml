(* SPDX-License-Identifier: Apache-2.0 *)
(* alignproof-check-formal: the checker that was proved sound in Coq, on a certificate folder. *)

open Input

let proved = 0
let malformed = 2
let undecided = 3
let internal = 4

let help =
  Printf.sprintf
    {|usage: alignproof-check-formal [--precision BITS] FOLDER

Decides whether the certificate in FOLDER proves what it claims, for all time,
as alignproof-check does, by a checker that is proved sound in Coq: where it
says "proved", the line `implies:` is a theorem about the real numbers that the
doubles of the folder stand for. It never refutes: what it cannot prove it
leaves open.

  --precision BITS  first precision, %d to %d (default: chosen by the
                    certificate); while something is left open the precision is
                    doubled, up to %d or BITS if that is more; what is left
                    open three times, the same condition at the same step,
                    stays open
  --help            this text; without a FOLDER
  --version         the version of alignproof that it belongs to

It knows psi = %s.
Of T1 it proves the rate, with gamma_max taken as a number: that it bounds the
limit kernel stays with alignproof-check, as do kernel certificates. The work of
a check is bounded: by 2e9 units (a multiplication at 128 bits each) and 2e4 for
each number in the arrays.

exit codes
  0  proved: five lines object, read, checked, implies, trusted, all of them
     written to standard output; and --help
  1  never: this program refutes nothing
  2  malformed certificate or bad usage: one line on standard error
  3  undecided: the line `undecided:` says which inequality, or why nothing was
     computed
  4  no verdict: standard output is closed or cannot be written, memory, stack
     or open files do not suffice, doubles are not those of IEEE 754 in this
     process, or an internal error: one line on standard error
A program that a signal ended has given no verdict either.

examples
  alignproof-check-formal certificates/tanh-n10-p1000
  alignproof-check-formal --precision 256 certificates/tanh-n10-p1000
|}
    Decide.smallest_precision Decide.largest_precision Decide.last_precision
    (String.concat ", " (List.map fst Decide.known))

(* ---- arguments ---- *)

type wish = Help | Version | Check of { folder : string; precision : int option }

let precision_from text =
  let refuse_it () =
    refuse "--precision" ("'" ^ text ^ "'")
      (Printf.sprintf "an integer from %d to %d" Decide.smallest_precision Decide.largest_precision)
  in
  if text = "" || String.length text > 9 || String.exists (fun c -> c < '0' || c > '9') text then refuse_it ();
  let bits = int_of_string text in
  if bits < Decide.smallest_precision || bits > Decide.largest_precision then refuse_it ();
  bits

let parse arguments =
  let help = ref false and version = ref false and precision = ref None in
  let rec go folders = function
    | [] -> folders
    | "--" :: rest -> List.rev_append rest folders
    | ("--help" | "-h") :: rest -> help := true; go folders rest
    | "--version" :: rest -> version := true; go folders rest
    | [ "--precision" ] -> precision_from "" |> fun bits -> precision := Some bits; folders
    | "--precision" :: text :: rest -> precision := Some (precision_from text); go folders rest
    | argument :: rest when Npy.starts_with argument "--precision=" ->
        precision := Some (precision_from (String.sub argument 12 (String.length argument - 12)));
        go folders rest
    | argument :: rest when Npy.starts_with argument "-" ->
        ignore rest;
        refuse "option" ("'" ^ argument ^ "'") "--precision BITS, --help or --version"
    | folder :: rest -> go (folder :: folders) rest
  in
  match (go [] arguments, !help, !version) with
  | [], true, _ -> Help
  | [], _, true -> Version
  | [ folder ], false, false -> Check { folder; precision = !precision }
  | folder :: _, help, true | folder :: _, (true as help), _ ->
      refuse
        (if help then "--help with a folder" else "--version with a folder")
        ("'" ^ folder ^ "'") "that option alone: where it is asked for, nothing is checked"
  | folders, _, _ ->
      refuse "number of folders" (string_of_int (List.length folders)) "one certificate folder (try --help)"

(* ---- streams ---- *)

let rec write_all descriptor text at =
  if at < String.length text then
    match Folder.retried (fun () -> Unix.write_substring descriptor text at (String.length text - at)) with
    | count -> write_all descriptor text (at + count)
    | exception Unix.Unix_error ((Unix.EAGAIN | Unix.EWOULDBLOCK), _, _) ->
        ignore (Unix.select [] [ descriptor ] [] (-1.));
        write_all descriptor text at

let require_open_output () =
  let fail () = raise (No_verdict "no verdict: standard output is closed") in
  match Unix.write_substring Unix.stdout "" 0 0 with
  | _ -> ()
  | exception Unix.Unix_error (Unix.EBADF, _, _) -> fail ()
  | exception Unix.Unix_error _ -> ()

(* A verdict that could not be delivered is no verdict. *)
let print text =
  try
    write_all Unix.stdout text 0;
    Unix.close Unix.stdout
  with Unix.Unix_error (error, _, _) ->
    raise (No_verdict (Printf.sprintf "no verdict: standard output cannot be written (%s)" (Unix.error_message error)))

let require_ieee_arithmetic () =
  match Certificate.arithmetic_fault () with
  | Some fault -> raise (No_verdict (Printf.sprintf "no verdict: %s in this process" fault))
  | None -> ()

(* ---- the stack ---- *)

(* Functions on lists need a stack that grows with the width of the network: the program starts itself once more with as
   much as the system grants, up to a gigabyte. Where that cannot be, a stack that ends is no verdict. *)
let with_a_large_stack () =
  let mark = "ALIGNPROOF_FORMAL_STACK" in
  if Sys.getenv_opt mark = None then (
    Unix.putenv mark "raised";
    let script = {|ulimit -S -s 1048576 2> /dev/null || ulimit -S -s "$(ulimit -H -s)" 2> /dev/null; exec "$0" "$@"|} in
    let arguments = List.tl (Array.to_list Sys.argv) in
    try Unix.execv "/bin/sh" (Array.of_list ([ "/bin/sh"; "-c"; script; Sys.executable_name ] @ arguments))
    with Unix.Unix_error _ -> ())

(* ---- the verdict ---- *)

let check folder precision =
  require_ieee_arithmetic ();
  if Folder.exists (Filename.concat folder "kernel.json") then (
    print
      "undecided: left open: kernel.json: a kernel certificate bounds an eigenvalue of a limit kernel, which is not formalised; \
       alignproof-check decides\n";
    undecided)
  else
    let certificate = Certificate.read folder in
    let decision = Decide.decide certificate precision in
    let said = Words.report certificate decision in
    let code = match decision with Decide.Proved _ -> proved | Left_open _ | Undecided _ -> undecided in
    require_ieee_arithmetic ();
    print said;
    code

let run arguments =
  let wish = parse arguments in
  require_open_output ();
  match wish with
  | Help -> print help; proved
  | Version -> print (Version.text ^ "\n"); proved
  | Check { folder; precision } ->
      with_a_large_stack ();
      check folder precision

let () =
  Sys.set_signal Sys.sigpipe Sys.Signal_ignore;
  Sys.set_signal Sys.sigxfsz Sys.Signal_ignore;
  let say code line =
    (try write_all Unix.stderr ("alignproof-check-formal: " ^ one_line line ^ "\n") 0 with Unix.Unix_error _ -> ());
    code
  in
  let code =
    match run (List.tl (Array.to_list Sys.argv)) with
    | code -> code
    | exception Refused line -> say malformed line
    | exception No_verdict line -> say internal line
    | exception Out_of_memory -> say internal "no verdict: memory does not suffice"
    | exception Stack_overflow -> say internal "no verdict: the stack does not suffice"
    | exception Z.Overflow -> say internal "no verdict: a number is too long"
    | exception error -> say internal ("internal error: " ^ Printexc.to_string error)
  in
  Unix._exit code
