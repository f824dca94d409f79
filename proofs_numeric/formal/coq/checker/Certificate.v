(* SPDX-License-Identifier: Apache-2.0 *)
(* What a certificate folder says, as data: doubles and lists of them, in the names of
   include/alignproof/format/certificate.hpp. No real number, so that it extracts cleanly. *)
Require Import ZArith List.

(* (m, e) stands for m 2^e *)
Definition double := (Z * Z)%type.

(* The activations that the formal checker knows. *)
Inductive activation := Identity | Tanh | Sigmoid | Relu | Erf | Gelu | Softplus.

(* Bounds of spectra, proved to be bounds: M_min I <= M <= M_max I, G <= G_max I, K <= K_norm I. *)
Record witness := { w_M_min : double; w_M_max : double; w_G_max : double; w_K_norm : double }.
(* What Theorem A gives for all t >= T. *)
Record statement := { s_alpha : double; s_error : double; s_beta_displacement : double; s_A_displacement : double;
  s_cos_min : double; s_cos_max : double }.
(* A run to its checkpoint T, where Theorem A closes. *)
Record leg := { l_checkpoint : nat; l_witness : witness; l_statement : statement }.
(* One output, feedback alignment: the data. X has n rows of length d; y has n, b and beta have p entries.
   The statement holds for every start within p_radius of the stored one (Frobenius norm, each). *)
Record problem := { p_psi : activation; p_X : list (list double); p_y : list double; p_b : list double;
  p_beta : list double; p_eta : double; p_radius : double }.
(* From a state: n columns of A of length p. *)
Record checkpoint_certificate := { k_problem : problem; k_A : list (list double); k_leg : leg }.
(* What is claimed of every t >= 0: errors has T + 1 rows (lower, upper). T1 is gamma_max, T2 is kappa, T3 is the margin
   and the leg of the twin, the run from the same data without a penalty. *)
Record whole_run := { r_errors : list (double * double); r_beta_displacement : double; r_A_displacement : double;
  r_T1 : option double; r_T2 : option double; r_T3 : option (double * leg) }.
(* From initial data: p rows of W of length d; the penalty is lambda(t) at the steps t < T of the list and 0 from T on. *)
Record initial_certificate := { i_problem : problem; i_W : list (list double); i_lambda : list double; i_leg : leg;
  i_run : whole_run }.
(* k outputs, feedback alignment or backpropagation, from a state: y has n rows, b and beta have p rows of length k. *)
Record variant_certificate := { v_backpropagation : bool; v_psi : activation; v_X : list (list double);
  v_y : list (list double); v_b : list (list double); v_beta : list (list double); v_A : list (list double);
  v_eta : double; v_radius : double; v_leg : leg }.

(* What is decided of a certificate, in the order in which it is looked at: what concerns numbers of the certificate
   alone, K, the steps of the run, the checkpoint, the whole run, and at last the same of the twin. *)
Inductive condition :=
  | Shapes                      (* lengths of rows; a penalty at each step t < T and nowhere else; T + 1 rows of errors *)
  | Eta_positive | Alpha_positive | Radius_nonnegative
  | T1_alpha                    (* alpha >= gamma_max / 4 *)
  | B_nonzero                   (* |b| > 0 *)
  | T2_kappa                    (* sqrt p > kappa *)
  | T2_cosine                   (* kappa / sqrt p >= |cos_min|, |cos_max| *)
  | T3_margin                   (* margin > 0 *)
  | T3_cosine                   (* cos_min > cos_max of the twin + margin *)
  | K_norm                      (* K_norm I - K definite *)
  | Error_above | Error_below   (* errors of row t, t <= T *)
  | Run_beta_displacement | Run_A_displacement
  | Decay                       (* T1 from the step before t to t *)
  | Beta_nonzero | Cosine       (* T2; T3 for the twin *)
  | M_min | M_max | G_max       (* the bounds of the spectra *)
  | A_10 | A_11                 (* the premises of Theorem A *)
  | Signs                       (* relu: (A.48) *)
  | Leg_error | Leg_beta_displacement | Leg_A_displacement | Cos_min | Cos_max
  | Later_beta_displacement | Later_A_displacement    (* of the whole run, t >= T *)
  | Twin (c : condition).

(* Proved, or the first condition that could not be shown, and the step t at which it was looked at. *)
Inductive outcome := Proved | Open (c : condition) (t : nat).
