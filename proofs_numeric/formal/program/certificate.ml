(* SPDX-License-Identifier: Apache-2.0 *)
(* Certificate folders, version 2, as reports/schema/certificate.schema.json describes them: read strictly, with hashes,
   shapes and what belongs together. *)

open Input

type kind = From_initialisation | From_checkpoint
type rule = Fa | Bp
type decay = Constant | Geometric | Inverse_square

let kinds = [ ("from-initialisation", From_initialisation); ("from-checkpoint", From_checkpoint) ]
let rules = [ ("fa", Fa); ("bp", Bp) ]
let decays = [ ("constant", Constant); ("geometric", Geometric); ("inverse-square", Inverse_square) ]

(* lambda(t) = 0 from t = cut on; None: never *)
type penalty = { lambda : float; cut : Z.t option; decay : decay; scale : float }
type witness = { m_min : float; m_max : float; g_max : float; k_norm : float }

type statement = {
  alpha : float;
  error : float;
  beta_displacement : float;
  a_displacement : float;
  cos_min : float;
  cos_max : float;
}

type leg = { checkpoint : int; witness : witness; statement : statement }

(* What is claimed of every t >= 0; from the initialisation only. *)
type whole_run = {
  run_beta_displacement : float;
  run_a_displacement : float;
  errors : float array;  (* (T + 1) x 2 *)
  t1 : (float * float) option;  (* gamma_min, gamma_max *)
  t2 : float option;  (* kappa *)
  t3 : (float * leg) option;  (* margin, twin *)
}

(* Arrays are row-major. *)
type t = {
  kind : kind;
  rule : rule;
  activation : string;
  n : int;
  d : int;
  p : int;
  k : int;
  eta : float;
  radius : float;
  x : float array;
  y : float array;
  b : float array;
  start : float array;  (* W, p x d, or A, p x n *)
  beta : float array;
  leg : leg;
  penalty : penalty option;  (* None from a checkpoint *)
  run : whole_run option;  (* None from a checkpoint *)
  hash : string;  (* of certificate.json *)
}

let version = 2
let largest_checkpoint = 10_000_000
let never = Json.largest_unsigned (* how a penalty that is never cut is kept elsewhere: null here *)

(* ---- names ---- *)

let json_files = [ "claim.json"; "certificate.json"; "provenance.json" ]
let arrays_of = function
  | From_initialisation -> [ "X"; "y"; "b"; "W"; "beta"; "errors" ]
  | From_checkpoint -> [ "X"; "y"; "b"; "A"; "beta" ]

let file_of array = array ^ ".npy"
let files_of kind = json_files @ List.map file_of (arrays_of kind)
let known_files = List.sort_uniq compare (files_of From_initialisation @ files_of From_checkpoint)

let named what table name =
  match List.assoc_opt name table with
  | Some value -> value
  | None -> refuse what ("'" ^ name ^ "'") (String.concat ", " (List.map fst table))

(* That it is a name is all that is promised: another program may know it. *)
let require_activation name =
  let letter c = c >= 'a' && c <= 'z' in
  let inside c = letter c || (c >= '0' && c <= '9') || c = '_' || c = '-' in
  if name = "" || String.length name > 23 || (not (letter name.[0])) || not (String.for_all inside name) then
    refuse "activation" ("'" ^ name ^ "'") "a name of 1 to 23 of a-z, 0-9, _ and -, a letter first"

(* ---- parts of certificate.json ---- *)

let statement_names = [ "alpha"; "error"; "beta_displacement"; "A_displacement"; "cos_min"; "cos_max" ]
let leg_names = [ "checkpoint"; "witness"; "statement" ]

let read_leg fields =
  let checkpoint = Json.count fields "checkpoint" in
  if Z.gt checkpoint (Z.of_int largest_checkpoint) then
    Json.reject fields "checkpoint" (Printf.sprintf "at most %d" largest_checkpoint);
  let w = Json.real (Json.inner fields "witness" [ "M_min"; "M_max"; "G_max"; "K_norm" ]) in
  let s = Json.real (Json.inner fields "statement" statement_names) in
  {
    checkpoint = Z.to_int checkpoint;
    witness = { m_min = w "M_min"; m_max = w "M_max"; g_max = w "G_max"; k_norm = w "K_norm" };
    statement =
      {
        alpha = s "alpha";
        error = s "error";
        beta_displacement = s "beta_displacement";
        a_displacement = s "A_displacement";
        cos_min = s "cos_min";
        cos_max = s "cos_max";
      };
  }

let read_penalty fields =
  let cut = if Json.is_null fields "cut" then None else Some (Json.count fields "cut") in
  if cut = Some never then Json.reject fields "cut" "null for never";
  let decay = named "decay" decays (Json.text fields "decay") in
  let lambda = Json.real fields "lambda" and scale = Json.real fields "scale" in
  if Number.order_of lambda < 0L then Json.reject fields "lambda" "a number >= 0";
  let below_1 = Number.order_of scale < Number.order_of 1. in
  (match decay with
  | Constant when Number.order_of scale <> Number.order_of 1. -> Json.reject fields "scale" "1 for a constant penalty"
  | Geometric when not (Number.is_positive scale && below_1) -> Json.reject fields "scale" "a ratio between 0 and 1"
  | Inverse_square when not (Number.is_positive scale) -> Json.reject fields "scale" "a number of steps > 0"
  | _ -> ());
  { lambda; cut; decay; scale }

let optional fields name read = if Json.is_null fields name then None else Some (read ())

let read_run fields errors =
  let inner name names = Json.inner fields name names in
  {
    run_beta_displacement = Json.real fields "beta_displacement";
    run_a_displacement = Json.real fields "A_displacement";
    errors;
    t1 =
      optional fields "T1" (fun () ->
          let t1 = inner "T1" [ "gamma_min"; "gamma_max" ] in
          (Json.real t1 "gamma_min", Json.real t1 "gamma_max"));
    t2 = optional fields "T2" (fun () -> Json.real (inner "T2" [ "kappa" ]) "kappa");
    t3 =
      optional fields "T3" (fun () ->
          let t3 = inner "T3" [ "margin"; "twin" ] in
          (Json.real t3 "margin", read_leg (Json.inner t3 "twin" leg_names)));
  }

(* What belongs together: T1 and T2 speak of lambda = 0, T3 of a penalty. *)
let require_consistent c =
  let refuse_with what accepted = refuse what "(present)" accepted in
  match (c.run, c.penalty) with
  | Some run, Some penalty ->
      if c.rule <> Fa then refuse "rule" "bp" "fa in a certificate from the initialisation";
      if c.k <> 1 then refuse "k" (string_of_int c.k) "1 in a certificate from the initialisation";
      let off = Number.is_zero penalty.lambda in
      if (not off) && run.t1 <> None then refuse_with "T1" "null: T1 speaks of lambda = 0";
      if (not off) && run.t2 <> None then refuse_with "T2" "null: T2 speaks of lambda = 0";
      if off && run.t3 <> None then refuse_with "T3" "null: T3 speaks of lambda > 0"
  | _ ->
      if c.leg.checkpoint <> 0 then
        refuse "checkpoint" (string_of_int c.leg.checkpoint) "0 in a certificate from a checkpoint"

(* ---- the files ---- *)

let require_header fields format =
  Json.require_text fields "format" format;
  Json.require_count fields "version" version

let require_hash fields name file hash =
  if Json.text fields name <> hash then
    raise
      (Refused
         (one_line
            (Printf.sprintf
               "%s was altered since it was signed, perhaps its line ends (by git, say): its SHA-256 is %s, where %s says %s"
               file hash (Json.path fields name) (Json.excerpt (Json.get fields name)))))

let require_pairs fields name =
  List.iter
    (fun json ->
      let pair = Json.fields (Json.path fields name ^ ".") [ "name"; "value" ] json in
      ignore (Json.text pair "name");
      ignore (Json.text pair "value"))
    (Json.list fields name)

let read_provenance json hashes =
  let fields = Json.fields "provenance.json: " [ "format"; "version"; "versions"; "origin"; "sha256" ] json in
  require_header fields "alignproof-provenance";
  require_pairs fields "versions";
  let others = List.filter (fun (name, _) -> name <> "provenance.json") hashes in
  let signed = Json.inner fields "sha256" (List.map fst others) in
  List.iter (fun (name, hash) -> require_hash signed name name hash) others;
  require_pairs fields "origin"

let require_files files expected =
  List.iter
    (fun name -> if not (List.mem_assoc name files) then refuse name "(missing)" ("files " ^ String.concat ", " expected))
    expected;
  List.iter
    (fun (name, _) ->
      if not (List.mem name expected) then
        refuse "file in the certificate folder" ("'" ^ name ^ "'") ("only plain files " ^ String.concat ", " expected))
    files

let read_main json files hashes =
  let kind =
    match json with
    | Json.Object values -> (
        match List.assoc_opt "kind" values with
        | Some (Json.String name) -> named "certificate.json: kind" kinds name
        | other ->
            refuse "certificate.json: kind"
              (match other with Some value -> Json.excerpt value | None -> "(missing)")
              (String.concat " or " (List.map fst kinds)))
    | _ -> refuse "certificate.json: kind" "(missing)" (String.concat " or " (List.map fst kinds))
  in
  let initial = kind = From_initialisation in
  require_files files (files_of kind);
  let fields =
    Json.fields "certificate.json: "
      ([ "format"; "version"; "kind"; "rule"; "activation"; "n"; "d"; "p"; "k"; "eta"; "radius"; "arrays"; "leg" ]
      @ if initial then [ "penalty"; "whole_run" ] else [])
      json
  in
  require_header fields "alignproof-certificate";
  let rule = named "rule" rules (Json.text fields "rule") and activation = Json.text fields "activation" in
  require_activation activation;
  let eta = Json.real fields "eta" and radius = Json.real fields "radius" in
  let leg = read_leg (Json.inner fields "leg" leg_names) in
  let size name =
    let value = Json.small_count fields name in
    if value = 0 then Json.reject fields name "at least 1";
    value
  in
  let n = size "n" and d = size "d" and p = size "p" and k = size "k" in
  let list = Json.inner fields "arrays" (arrays_of kind) in
  let array name shape =
    let entry = Json.inner list name [ "file"; "shape"; "sha256" ] and file = file_of name in
    Json.require_text entry "file" file;
    require_hash entry "sha256" file (List.assoc file hashes);
    let stated = List.map (function Json.Unsigned z -> z | _ -> Json.reject entry "shape" "a list of integers >= 0") (Json.list entry "shape") in
    if stated <> List.map Z.of_int shape then Json.reject entry "shape" (Npy.shape_text shape);
    Npy.read file shape (List.assoc file files)
  in
  let with_outputs rows = if k = 1 then [ rows ] else [ rows; k ] in
  let c =
    {
      kind; rule; activation; n; d; p; k; eta; radius;
      x = array "X" [ n; d ];
      y = array "y" (with_outputs n);
      b = array "b" (with_outputs p);
      start = (if initial then array "W" [ p; d ] else array "A" [ p; n ]);
      beta = array "beta" (with_outputs p);
      leg;
      penalty = (if initial then Some (read_penalty (Json.inner fields "penalty" [ "lambda"; "cut"; "decay"; "scale" ])) else None);
      run =
        (if initial then
         let run = Json.inner fields "whole_run" [ "beta_displacement"; "A_displacement"; "T1"; "T2"; "T3" ] in
         Some (read_run run (array "errors" [ leg.checkpoint + 1; 2 ]))
        else None);
      hash = List.assoc "certificate.json" hashes;
    }
  in
  require_consistent c;
  c

(* ---- the claim: what is said to people must be what certificate.json says ---- *)

(* The words of T2 and T3: earlier programs promised less, and their folders are still read. *)
type wording = Now | Earlier

let statement_in_words c wording =
  let near = Number.is_positive c.radius in
  let text = Buffer.create 2000 in
  let add = Buffer.add_string text in
  (match c.kind with
  | From_initialisation ->
      add "Feedback alignment started at the stored W(0), beta(0)";
      if near then add ", and at any within the distance radius of each,";
      add " satisfies, T being the checkpoint, for all t >= T: "
  | From_checkpoint ->
      add (match c.rule with Fa -> "Feedback alignment" | Bp -> "Backpropagation");
      add " without penalty, started at the stored state (A, beta),";
      if near then add " and at any with A and beta within the distance radius of each,";
      add " satisfies, T being 0, for all t >= T: ");
  add
    "|e(t)| <= (1 - eta alpha)^(t-T) |e(T)| with |e(T)| <= error; |beta(t) - beta(T)| <= beta_displacement; |A(t) - A(T)|_F <= \
     A_displacement; and cos_min <= cos(b, beta(t)) <= cos_max wherever the cosine is defined.";
  Option.iter
    (fun run ->
      add
        " For t <= T, |e(t)| lies in row t of errors.npy. For all t >= 0: |beta(t) - beta(0)| and |A(t) - A(0)|_F are at most the \
         displacements of the whole run.";
      if run.t1 <> None then
        add
          " T1: gamma_min <= gamma <= gamma_max for the smallest eigenvalue gamma of the limit kernel, and for all t >= 0, |e(t+1)| \
           <= (1 - eta gamma_max / 4) |e(t)|.";
      if run.t2 <> None then
        add
          (match wording with
          | Now -> " T2: for all t >= 0, b and beta(t) are not 0 and |cos(b, beta(t))| <= kappa / sqrt(p) < 1."
          | Earlier -> " T2: for all t >= 0, |cos(b, beta(t))| <= kappa / sqrt(p).");
      if run.t3 <> None then
        add
          (match wording with
          | Now ->
              " T3: cos_min exceeds, by more than the margin, the cos_max of the twin, the run from the same data with lambda = 0; for \
               all t >= 0, that run has cos(b, beta(t)) <= its cos_max."
          | Earlier ->
              " T3: cos_min exceeds, by more than the margin, the cos_max of the run from the same data with lambda = 0."))
    c.run;
  Buffer.contents text

let dynamics =
  "beta <- (1 - eta lambda(t)) beta - (eta / sqrt p) psi(A) e;  A <- A - (eta / sqrt p) [psi'(A) o (b e^T)] K, backpropagation with \
   beta for b;  A(0) = W(0) X^T;  K = X X^T;  e = psi(A)^T beta / sqrt p - y;  both updates use the A and e before the step"

(* certificate.json, which was read, with its real numbers written for people. *)
let rec for_people name json =
  match json with
  | Json.String text when not (List.mem name [ "kind"; "rule"; "activation"; "decay" ]) -> (
      match Number.from_hex text with Some x -> Json.Number x | None -> json)
  | Json.Object values -> Json.Object (List.map (fun (name, value) -> (name, for_people name value)) values)
  | _ -> json

let claim c main =
  let content =
    match for_people "" main with
    | Json.Object values -> List.filter (fun (name, _) -> not (List.mem name [ "format"; "version"; "arrays" ])) values
    | _ -> []
  in
  fun wording ->
    Json.Object
      [
        ("format", Json.String "alignproof-claim");
        ("version", Json.Unsigned (Z.of_int version));
        ("statement", Json.String (statement_in_words c wording));
        ("dynamics", Json.String dynamics);
        ("values", Json.Object content);
      ]

(* Of one type and of one value; a double bit by bit. *)
let rec require_same where found expected =
  let same =
    match (found, expected) with
    | _, Json.Object values ->
        let fields = Json.fields (where ^ ": ") (List.map fst values) found in
        List.iter (fun (name, value) -> require_same (where ^ ": " ^ name) (Json.get fields name) value) values;
        true
    | Json.Number x, Json.Number y -> Int64.bits_of_float x = Int64.bits_of_float y
    | Json.Unsigned x, Json.Unsigned y -> Z.equal x y
    | Json.String x, Json.String y -> x = y
    | Json.Null, Json.Null -> true
    | _ -> false
  in
  if not same then refuse where (Json.excerpt found) ("what follows from certificate.json, " ^ Json.excerpt expected)

let require_claim c main found =
  let expected = claim c main in
  let earlier =
    match found with
    | Json.Object values -> List.assoc_opt "statement" values = Some (Json.String (statement_in_words c Earlier))
    | _ -> false
  in
  require_same "claim.json" found (expected (if earlier then Earlier else Now))

(* ---- a folder ---- *)

let read folder =
  let files = Folder.read folder known_files in
  let hashes = List.map (fun (name, bytes) -> (name, Sha256.of_string bytes)) files in
  let bytes name =
    match List.assoc_opt name files with
    | Some bytes -> bytes
    | None -> refuse name "(missing)" (String.concat ", " json_files)
  in
  List.iter (fun name -> ignore (bytes name)) json_files;
  let parse name = Json.parse name (bytes name) in
  read_provenance (parse "provenance.json") hashes;
  let main = parse "certificate.json" in
  let c = read_main main files hashes in
  require_claim c main (parse "claim.json");
  c

(* ---- what follows from it ---- *)

let numbers c =
  let errors = match c.run with Some run -> Array.length run.errors | None -> 0 in
  errors + List.fold_left (fun sum a -> sum + Array.length a) 0 [ c.x; c.y; c.b; c.start; c.beta ]

(* lambda(t) is by definition what IEEE arithmetic gives in this order. *)
let lambda penalty t =
  if match penalty.cut with Some cut -> Z.geq (Z.of_int t) cut | None -> false then 0.
  else
    match penalty.decay with
    | Constant -> penalty.lambda
    | Geometric ->
        (* r^t by squaring, lowest bit first *)
        let rec go value power t =
          if t = 0 then value else go (if t land 1 = 1 then value *. power else value) (power *. power) (t lsr 1)
        in
        go penalty.lambda penalty.scale t
    | Inverse_square ->
        let factor = 1. +. (float_of_int t /. penalty.scale) in
        penalty.lambda /. (factor *. factor)

(* What in this process is not the arithmetic of IEEE 754 to nearest with subnormal numbers. *)
let arithmetic_fault () =
  let x = Sys.opaque_identity in
  let up = x 1. +. x 0x1.8p-53 and down = x 1. +. x 0x1p-54 in
  let minus_up = x (-1.) -. x 0x1.8p-53 and minus_down = x (-1.) -. x 0x1p-54 in
  if not (up = x 0x1.0000000000001p+0 && down = x 1. && minus_up = x (-0x1.0000000000001p+0) && minus_down = x (-1.)) then
    Some "the rounding mode is not to nearest"
  else if
    not (Int64.bits_of_float (x 0x1p-1022 *. x 0.5) = 0x8_0000_0000_0000L && Int64.bits_of_float (x 0x1p-1074 *. x 2.) = 2L)
  then Some "subnormal numbers are flushed to zero"
  else None
