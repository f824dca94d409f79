(* SPDX-License-Identifier: Apache-2.0 *)
(* psi = sigmoid, psi(x) = 1 / (1 + e^-x): L1 = 1/4, L2 = 1/(6 sqrt 3) < 0.096225045 (reports/docs/activations.md). *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Network Calculus Tanh.
Open Scope R_scope.

Definition sigmoid x := / (1 + exp (- x)).
Definition dsigmoid x := sigmoid x * (1 - sigmoid x).
Definition d2sigmoid x := dsigmoid x * (1 - sigmoid x) + sigmoid x * (0 - dsigmoid x).
Definition L2sigmoid := 96225045 / 1000000000.

Lemma sigmoid_tanh x : sigmoid x = (1 + tanh (x / 2)) / 2.
Proof. rewrite tanh_exp. replace (2 * (x / 2)) with x by field. unfold sigmoid. assert (P := exp_pos (- x)). field. lra. Qed.
Lemma sigmoid_bound x : 0 < sigmoid x < 1.
Proof. rewrite sigmoid_tanh. assert (T := tanh_bound (x / 2)). lra. Qed.
Lemma sigmoid_deriv x : derivable_pt_lim sigmoid x (dsigmoid x).
Proof.
  assert (P : forall z, 1 + exp (- z) <> 0) by (intros z; assert (E := exp_pos (- z)); lra).
  assert (D : derivable_pt_lim (fun z => 1 + exp (- z)) x (0 + - exp (- x))).
  { apply (derivable_pt_lim_plus (fun _ => 1) (fun z => exp (- z))); [apply derivable_pt_lim_const|].
    replace (- exp (- x)) with (exp (- x) * - (1)) by ring. apply (derivable_pt_lim_comp Ropp exp).
    - apply (derivable_pt_lim_opp id). apply derivable_pt_lim_id.
    - apply derivable_pt_lim_exp. }
  assert (Q := derivable_pt_lim_div (fun _ => 1) (fun z => 1 + exp (- z)) x 0 _ (derivable_pt_lim_const 1 x) D (P x)).
  intros eps He. destruct (Q eps He) as [d Hd]. exists d. intros h H1 H2.
  replace (dsigmoid x) with ((0 * (1 + exp (- x)) - (0 + - exp (- x)) * 1) / Rsqr (1 + exp (- x))).
  - replace (sigmoid (x + h)) with (1 / (1 + exp (- (x + h)))) by (unfold sigmoid; field; apply P).
    replace (sigmoid x) with (1 / (1 + exp (- x))) by (unfold sigmoid; field; apply P). exact (Hd h H1 H2).
  - unfold dsigmoid, sigmoid, Rsqr. field. apply P. Qed.
Lemma dsigmoid_deriv x : derivable_pt_lim dsigmoid x (d2sigmoid x).
Proof. apply (derivable_pt_lim_mult sigmoid (fun z => 1 - sigmoid z)); [apply sigmoid_deriv|].
  apply (derivable_pt_lim_minus (fun _ => 1) sigmoid); [apply derivable_pt_lim_const|apply sigmoid_deriv]. Qed.

(* With u = 2 s - 1, psi'' = -u (1 - u^2) / 4, and 4/27 - u^2 (1 - u^2)^2 = (u^2 - 1/3)^2 (4/3 - u^2). *)
Lemma sigmoid_ok : activation_ok (fun _ _ => sigmoid) (fun _ _ => dsigmoid) (1 / 4) L2sigmoid.
Proof. apply (activation_of_deriv sigmoid dsigmoid d2sigmoid); try (unfold L2sigmoid; lra).
  - apply sigmoid_deriv.
  - apply dsigmoid_deriv.
  - intros c. assert (T := sigmoid_bound c). unfold dsigmoid. set (s := sigmoid c) in *. apply Rabs_le.
    assert (0 <= (2 * s - 1) * (2 * s - 1)) by apply Rle_0_sqr. nra.
  - intros c. assert (T := sigmoid_bound c). unfold d2sigmoid, dsigmoid. set (s := sigmoid c) in *. unfold L2sigmoid.
    replace (s * (1 - s) * (1 - s) + s * (0 - s * (1 - s))) with (- ((2 * s - 1) * (1 - (2 * s - 1) * (2 * s
      - 1)) / 4)) by field.
    set (u := 2 * s - 1) in *. assert (U : -1 < u < 1) by (unfold u; lra).
    set (v := u * (1 - u * u)).
    assert (V : v * v <= 4 / 27).
    { assert (0 <= (u * u - 1 / 3) * (u * u - 1 / 3) * (4 / 3 - u * u)) by (apply Rmult_le_pos; [apply Rle_0_sqr|nra]).
      unfold v. lra. }
    clearbody v. apply Rabs_le. split; nra. Qed.
