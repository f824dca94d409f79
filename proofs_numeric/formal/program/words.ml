(* SPDX-License-Identifier: Apache-2.0 *)
(* What the program says, from values that were read and verified; never text of the certificate. *)

open Certificate

let quoted = Number.quoted
let sprintf = Printf.sprintf

(* The inequality, as reports/docs/theorem_a.md and alignproof-check write it. *)
let rec condition = function
  | Kernel.Shapes -> "the shapes of the arrays, and one lambda(t) for each t < T"
  | Eta_positive -> "eta > 0"
  | Alpha_positive -> "alpha > 0"
  | Radius_nonnegative -> "radius >= 0"
  | T1_alpha -> "alpha >= gamma_max / 4"
  | B_nonzero -> "|b| > 0"
  | T2_kappa -> "sqrt p > kappa"
  | T2_cosine -> "kappa / sqrt p >= |cos_min|, |cos_max|"
  | T3_margin -> "margin > 0"
  | T3_cosine -> "cos_min > cos_max of the twin + margin"
  | K_norm -> "K_norm I - K"
  | Error_above -> "errors of row t >= |e(t)|, t <= T"
  | Error_below -> "|e(t)| >= errors of row t, t <= T"
  | Run_beta_displacement -> "beta displacement of the whole run, t <= T"
  | Run_A_displacement -> "A displacement of the whole run, t <= T"
  | Decay -> "(1 - eta gamma_max / 4) |e(t)| >= |e(t+1)|, t < T"
  | Beta_nonzero -> "|beta(t)| > 0, t <= T"
  | Cosine -> "the bound of cos(b, beta(t)), t <= T"
  | M_min -> "M - M_min I"
  | M_max -> "M_max I - M"
  | G_max -> "G_max I - G"
  | A_10 -> "M_min - dG - dH - eta Cv E >= alpha"
  | A_11 -> "2 - eta alpha - eta^2 Cv E >= eta (M_max + dG + dH)"
  | Signs -> "|a_ri| > |b_r| L1 k_i R / sqrt p"
  | Leg_error -> "error >= E"
  | Leg_beta_displacement -> "beta_displacement >= R (sqrt(G_max) + kap R / 2)"
  | Leg_A_displacement -> "A_displacement >= L1 sqrt(B2) |K| R"
  | Cos_min -> "cosine bracket >= cos_min"
  | Cos_max -> "cos_max >= cosine bracket"
  | Later_beta_displacement -> "beta displacement of the whole run, t >= T"
  | Later_A_displacement -> "A displacement of the whole run, t >= T"
  | Twin c -> "twin: " ^ condition c

(* The same of the variants, as reports/docs/theorem_a_variants.md writes it. *)
let condition_of_variant c = function
  | Kernel.M_min -> "1 - eta M_min >= |I - eta M|"
  | M_max -> "M_max >= |M|"
  | A_10 -> (if c.rule = Bp then "p > L1^2 |K| R^2 and " else "") ^ condition Kernel.A_10
  | Signs -> "|a_ri| > |c_r(t)| L1 k_i R / sqrt p"
  | Leg_beta_displacement -> "beta_displacement >= rho(R)"
  | Leg_A_displacement -> "A_displacement >= sqrt p q(R) / L1"
  | other -> condition other

let condition_of c = if Decide.is_variant c then condition_of_variant c else condition

(* All that "proved" says was looked at. *)
let conditions c =
  let leg =
    [ Kernel.M_min; M_max; G_max; A_10; A_11 ]
    @ (if c.activation = "relu" then [ Kernel.Signs ] else [])
    @ [ Kernel.Leg_error; Leg_beta_displacement; Leg_A_displacement; Cos_min; Cos_max ]
  in
  let always = [ Kernel.Eta_positive; Alpha_positive; Radius_nonnegative; K_norm ] in
  match c.run with
  | None when Decide.is_variant c -> always @ List.filter (fun condition -> condition <> Kernel.A_11) leg
  | None -> always @ leg
  | Some run ->
      let if_claimed claim conditions = if claim = None then [] else conditions in
      always
      @ if_claimed run.t1 [ Kernel.T1_alpha ]
      @ if_claimed run.t2 [ Kernel.B_nonzero; T2_kappa; T2_cosine ]
      @ if_claimed run.t3 [ Kernel.B_nonzero; T3_margin; T3_cosine ]
      @ [ Kernel.Error_above; Error_below; Run_beta_displacement; Run_A_displacement ]
      @ if_claimed run.t1 [ Kernel.Decay ]
      @ if_claimed run.t2 [ Kernel.Beta_nonzero; Cosine ]
      @ leg
      @ [ Kernel.Later_beta_displacement; Later_A_displacement ]
      @ if_claimed run.t3 (List.map (fun c -> Kernel.Twin c) ([ Kernel.Alpha_positive; K_norm; Beta_nonzero; Cosine ] @ leg))

let penalty_text = function
  | Some penalty when not (Number.is_zero penalty.lambda) ->
      let decay =
        match penalty.decay with
        | Constant -> ""
        | Geometric -> sprintf ", geometric with scale %s" (quoted penalty.scale)
        | Inverse_square -> sprintf ", inverse-square with scale %s" (quoted penalty.scale)
      in
      let cut = match penalty.cut with Some cut -> Z.to_string cut | None -> "for ever" in
      sprintf "lambda = %s%s for t < %s and 0 from then on" (quoted penalty.lambda) decay cut
  | _ -> "lambda = 0"

let object_line c =
  sprintf "object: %s in kernel form, %s, %s, psi = %s, n = %d, d = %d, p = %d, eta = %s, from the stored %s%s; t counts steps from there%s"
    (match c.rule with Fa -> "feedback alignment" | Bp -> "backpropagation")
    (penalty_text c.penalty)
    (if c.k = 1 then "one output" else sprintf "%d outputs" c.k)
    c.activation c.n c.d c.p (quoted c.eta)
    (match c.kind with From_initialisation -> "initial data W(0), beta(0)" | From_checkpoint -> "state (A, beta)")
    (if Number.is_positive c.radius then sprintf ", and from all within %s of each (Frobenius norm)" (quoted c.radius) else "")
    (match c.kind with From_initialisation -> sprintf "; T = %d" c.leg.checkpoint | From_checkpoint -> ", T = 0")

let read_line c =
  sprintf "read: certificate.json with SHA-256 %s and %d finite doubles in %s, taken as exact; the hashes of all files agree" c.hash
    (numbers c)
    (String.concat ", " (arrays_of c.kind))

let checked_line c bits =
  sprintf "checked: by the checker that Coq's extraction wrote, in balls of integers with %d bits behind the point, %s: %s" bits
    (match c.kind with
    | From_initialisation -> "along the orbit computed from X, y, b, W, beta, eta"
    | From_checkpoint -> "from X, y, b, A, beta, eta")
    (String.concat "; " (List.map (condition_of c) (conditions c)))

(* That a cosine lies between -1 and 1 is said of nothing; where more is said, b and beta(t) are not 0. *)
let cosine_text s =
  let below = Number.order_of s.cos_min > Number.order_of (-1.) and above = Number.order_of s.cos_max < Number.order_of 1. in
  if not (below || above) then "of cos(b, beta(t)) nothing is claimed"
  else
    (if below then quoted s.cos_min ^ " <= " else "") ^ "cos(b, beta(t))" ^ if above then " <= " ^ quoted s.cos_max else ""

let run_text c run =
  let claimed claim words = match claim with Some x -> words x | None -> "" in
  sprintf "for all t >= 0, |beta(t) - beta(0)| <= %s, |A(t) - A(0)|_F <= %s, and for t <= T |e(t)| lies in row t of errors.npy; "
    (quoted run.run_beta_displacement) (quoted run.run_a_displacement)
  ^ claimed run.t1 (fun (_, gamma_max) ->
        sprintf
          "T1 on this instance: |e(t+1)| <= (1 - eta gamma_max/4) |e(t)| for all t >= 0, with gamma_max = %s taken as a number: that \
           it bounds the smallest eigenvalue of the limit kernel stays with alignproof-check; "
          (quoted gamma_max))
  ^ claimed run.t2 (fun kappa ->
        sprintf
          "T2 on this instance: b and beta(t) are not 0 and |cos(b, beta(t))| <= kappa/sqrt p < 1 for all t >= 0, with kappa = %s; "
          (quoted kappa))
  ^ claimed run.t3 (fun (_, twin) ->
        sprintf
          "T3 on this instance: cos(b, beta(t)) >= %s for all t >= T, while without the penalty cos(b, beta(t)) <= %s for all t >= 0; "
          (quoted c.leg.statement.cos_min) (quoted twin.statement.cos_max))

let implies_line c =
  let s = c.leg.statement in
  sprintf
    "implies: proved%s: by Theorem A%s, %sfor all t >= T, |e(t)| <= (1 - eta alpha)^(t-T) |e(T)| with alpha = %s and |e(T)| <= %s; \
     |beta(t) - beta(T)| <= %s; |A(t) - A(T)|_F <= %s; %s%s (a decimal stands for the double nearest to it)"
    (match c.kind with From_checkpoint -> " (conditional on the state at the checkpoint)" | From_initialisation -> "")
    (if Decide.is_variant c then " (variant)" else "")
    (match c.run with Some run -> run_text c run | None -> "")
    (quoted s.alpha) (quoted s.error) (quoted s.beta_displacement) (quoted s.a_displacement) (cosine_text s)
    (if c.k = 1 then "" else "; of e, b and beta, matrices of k columns, |.| and the cosine are those of Frobenius")

let trusted_line c =
  let falls = match c.penalty with Some { decay = Geometric | Inverse_square; _ } -> true | _ -> false in
  sprintf
    "trusted: Coq's kernel, which checked the proof that this checker is sound (proofs_numeric/formal/coq), with the axioms of its \
     real numbers and classical logic; Coq's extraction, with OCaml's integers and Zarith's for Coq's; Zarith %s and GMP; ocamlopt %s, \
     the assembler, the linker and libc; this program's small reader of the format and these words%s; its SHA-256 (integrity only)"
    Z.version Sys.ocaml_version
    (if falls then "; that this processor computes lambda(t) by IEEE 754" else "")

let undecided c why = String.concat "\n" [ object_line c; read_line c; "undecided: " ^ why; "" ]

let report c = function
  | Decide.Proved bits ->
      String.concat "\n" [ object_line c; read_line c; checked_line c bits; implies_line c; trusted_line c; "" ]
  | Left_open (left, t, bits) -> undecided c (sprintf "left open: (at %d bits) %s: not shown at t = %d" bits (condition_of c left) t)
  | Undecided why -> undecided c ("left open: " ^ why)
