(* SPDX-License-Identifier: Apache-2.0 *)
(* A certificate given to the checker that Coq's extraction wrote (../extracted/kernel.ml): as its data, at a precision that
   rises while something is left open, within a bound of work. *)

open Certificate

let name_of = function
  | Kernel.Identity -> "identity"
  | Tanh -> "tanh"
  | Sigmoid -> "sigmoid"
  | Relu -> "relu"
  | Erf -> "erf"
  | Gelu -> "gelu"
  | Softplus -> "softplus"

let known = List.map (fun psi -> (name_of psi, psi)) [ Kernel.Identity; Tanh; Sigmoid; Relu; Erf; Gelu; Softplus ]

type decision =
  | Proved of int  (* at so many bits *)
  | Left_open of Kernel.condition * int * int  (* the first condition that was not shown, its step, and bits *)
  | Undecided of string  (* why nothing, or nothing more, was computed *)

(* ---- data ---- *)

let doubles a = List.map Number.exactly (Array.to_list a)
let rows a count length = List.init count (fun i -> doubles (Array.sub a (i * length) length))
let columns a count length = List.init length (fun j -> doubles (Array.init count (fun i -> a.((i * length) + j))))

let leg_of leg =
  let d = Number.exactly and w = leg.witness and s = leg.statement in
  {
    Kernel.l_checkpoint = leg.checkpoint;
    l_witness = { Kernel.w_M_min = d w.m_min; w_M_max = d w.m_max; w_G_max = d w.g_max; w_K_norm = d w.k_norm };
    l_statement =
      {
        Kernel.s_alpha = d s.alpha;
        s_error = d s.error;
        s_beta_displacement = d s.beta_displacement;
        s_A_displacement = d s.a_displacement;
        s_cos_min = d s.cos_min;
        s_cos_max = d s.cos_max;
      };
  }

let problem_of c psi =
  {
    Kernel.p_psi = psi;
    p_X = rows c.x c.n c.d;
    p_y = doubles c.y;
    p_b = doubles c.b;
    p_beta = doubles c.beta;
    p_eta = Number.exactly c.eta;
    p_radius = Number.exactly c.radius;
  }

let run_of run =
  let d = Number.exactly in
  {
    Kernel.r_errors =
      List.init (Array.length run.errors / 2) (fun t -> (d run.errors.(2 * t), d run.errors.((2 * t) + 1)));
    r_beta_displacement = d run.run_beta_displacement;
    r_A_displacement = d run.run_a_displacement;
    r_T1 = Option.map (fun (_, gamma_max) -> d gamma_max) run.t1;
    r_T2 = Option.map d run.t2;
    r_T3 = Option.map (fun (margin, twin) -> (d margin, leg_of twin)) run.t3;
  }

(* Of one of the variants of Theorem A (theorem_a_variants.md), from a state. *)
let is_variant c = c.rule = Bp || c.k > 1

(* The checker on this certificate, at any precision. *)
let checker c psi =
  let problem = problem_of c psi and leg = leg_of c.leg in
  match (c.run, c.penalty) with
  | _ when is_variant c ->
      let certificate =
        {
          Kernel.v_backpropagation = c.rule = Bp;
          v_psi = psi;
          v_X = problem.Kernel.p_X;
          v_y = rows c.y c.n c.k;
          v_b = rows c.b c.p c.k;
          v_beta = rows c.beta c.p c.k;
          v_A = columns c.start c.p c.n;
          v_eta = problem.p_eta;
          v_radius = problem.p_radius;
          v_leg = leg;
        }
      in
      fun bits -> Kernel.check_variantZ (Z.of_int bits) certificate
  | Some run, Some penalty ->
      let certificate =
        {
          Kernel.i_problem = problem;
          i_W = rows c.start c.p c.d;
          i_lambda = List.init c.leg.checkpoint (fun t -> Number.exactly (lambda penalty t));
          i_leg = leg;
          i_run = run_of run;
        }
      in
      fun bits -> Kernel.check_runZ (Z.of_int bits) certificate
  | _ ->
      let certificate = { Kernel.k_problem = problem; k_A = columns c.start c.p c.n; k_leg = leg } in
      fun bits -> Kernel.check_checkpointZ (Z.of_int bits) certificate

(* ---- what is not for this checker ---- *)

let most_entries = 2_000_000
let most_numbers = 20_000_000

let steps c =
  let twin = match c.run with Some { t3 = Some (_, twin); _ } -> twin.checkpoint + 1 | _ -> 0 in
  c.leg.checkpoint + 1 + twin

let reason_to_leave_it c =
  let not_known = List.assoc_opt c.activation known = None in
  let endless p =
    (not (Number.is_zero p.lambda))
    && match p.cut with None -> true | Some cut -> Z.gt cut (Z.of_int c.leg.checkpoint)
  in
  if not_known then
    Some
      (Printf.sprintf "psi = %s: the formal checker knows %s; alignproof-check decides" c.activation
         (String.concat ", " (List.map fst known)))
  else if Option.fold ~none:false ~some:endless c.penalty then
    Some (Printf.sprintf "lambda(t) = 0 for t >= T: T = %d, and the penalty is cut later or never" c.leg.checkpoint)
  else if
    match c.run with Some { t1 = Some (gamma_min, gamma_max); _ } ->
      not (Number.is_positive gamma_min && Number.order_of gamma_min <= Number.order_of gamma_max)
    | _ -> false
  then Some "0 < gamma_min <= gamma_max: not so"
  else if c.p > most_entries / c.n then
    Some (Printf.sprintf "%d x %d pre-activations are more than %d" c.p c.n most_entries)
  else if numbers c > most_numbers then Some (Printf.sprintf "%d numbers are more than %d" (numbers c) most_numbers)
  else None

(* ---- work: counted, not timed, so that the answer is the same on every machine ---- *)

(* Units of about a multiplication of balls at 128 bits, some 0.1 to 0.2 microseconds. erf and gelu cost about three times a
   tanh, softplus, whose logarithm is summed in balls, eight to ten. *)
let work c bits =
  let f = float_of_int in
  let n = f c.n and p = f c.p and d = f c.d and w = f bits in
  let tanh = 20. +. (w /. 4.) in
  let activation =
    match List.assoc c.activation known with
    | Kernel.Identity | Relu -> 4.
    | Tanh | Sigmoid -> tanh
    | Erf | Gelu -> 3. *. tanh
    | Softplus -> 10. *. tanh
  in
  let nk = n *. f c.k in
  let step = (p *. nk *. (nk +. activation)) +. (8. *. nk *. nk *. nk) +. 400. in
  let start = n *. d *. (n +. p) in
  (start +. (f (steps c) *. step)) *. (0.5 +. (w /. 256.)) *. Float.max 1. (sqrt (w /. 512.))

let allowed c = 2e9 +. (2e4 *. float_of_int (numbers c))

(* ---- precision ---- *)

let smallest_precision = 32
let largest_precision = 16384
let last_precision = 8192

(* 60 bits, those by which the radii of balls grow with the steps (measured: 0.4 bits a step at n = 3, 1 at n = 10, 1.8 at
   n = 30), and those by which the smallest number of the claim lies below 1. *)
let first_precision c =
  let s = c.leg.statement and w = c.leg.witness in
  let claimed =
    [ c.eta; s.alpha; s.error; s.beta_displacement; s.a_displacement; w.m_min ]
    @ match c.run with Some run -> [ run.errors.(Array.length run.errors - 1) ] | None -> []
  in
  let bits_below_1 x = if Number.is_positive x then max 0 (-snd (Float.frexp x)) else 0 in
  let most = List.fold_left (fun most x -> max most (bits_below_1 x)) 0 claimed in
  let growth = Float.min 2. (0.35 +. (float_of_int c.n /. 15.)) in
  let longest = match c.run with Some { t3 = Some (_, twin); _ } -> max c.leg.checkpoint twin.checkpoint | _ -> c.leg.checkpoint in
  min last_precision
    (60 + int_of_float (growth *. float_of_int longest) + if most > 30 then 2 * most else most)

(* The precision is doubled while something is left open. What three precisions leave open, the same condition at the same
   step, is not a matter of bits. *)
let decide c first =
  match reason_to_leave_it c with
  | Some why -> Undecided why
  | None ->
      let check = lazy (checker c (List.assoc c.activation known)) in
      let first = match first with Some bits -> bits | None -> first_precision c in
      let rec go bits spent before =
        let cost = work c bits in
        if cost > allowed c -. spent then
          Undecided
            (Printf.sprintf "%d steps at %d bits cost %.3g units of work, and %.3g of %.3g are left%s" (steps c) bits cost
               (allowed c -. spent) (allowed c)
               (match before with [] -> "" | _ -> "; fewer bits left something open"))
        else
          match (Lazy.force check) bits with
          | Kernel.Proved -> Proved bits
          | Kernel.Open (condition, t) ->
              let now = (condition, t) in
              let settled = match before with a :: b :: _ -> a = now && b = now | _ -> false in
              if settled || 2 * bits > max first last_precision then Left_open (condition, t, bits)
              else go (2 * bits) (spent +. cost) (now :: before)
      in
      go first 0. []
