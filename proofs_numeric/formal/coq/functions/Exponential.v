(* SPDX-License-Identifier: Apache-2.0 *)
(* Bounds of exp(-t) for t >= 0, used by the evaluators. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Network Calculus.
Open Scope R_scope.

(* Bounds of exp(-t), t >= 0: remainders Rk of the Taylor polynomials, 0 <= Rk k t <= t^k / k! *)
Fixpoint Rk (k : nat) (t : R) : R :=
  match k with O => exp (- t) | S j => t ^ j / INR (fact j) - Rk j t end.
Lemma exp_opp_deriv t : derivable_pt_lim (fun s => exp (- s)) t (- exp (- t)).
Proof. replace (- exp (- t)) with (exp (- t) * (- 1)) by ring.
  apply (derivable_pt_lim_comp (fun s => - s) exp); [|apply derivable_pt_lim_exp].
  apply (derivable_pt_lim_opp id). apply derivable_pt_lim_id. Qed.
Lemma pow_fact_deriv j t : derivable_pt_lim (fun s => s ^ S j / INR (fact (S j))) t (t ^ j / INR (fact j)).
Proof. replace (t ^ j / INR (fact j)) with (/ INR (fact (S j)) * (INR (S j) * t ^ pred (S j))).
  2:{ rewrite fact_simpl, mult_INR. simpl pred. field. split; [apply INR_fact_neq_0|now apply not_0_INR]. }
  assert (E : forall s, s ^ S j / INR (fact (S j)) = / INR (fact (S j)) * s ^ S j) by (intros; unfold Rdiv; ring).
  intros eps He. destruct (derivable_pt_lim_scal (fun s => s ^ S j)
    (/ INR (fact (S j))) t _ (derivable_pt_lim_pow t (S j)) eps He) as [d Hd].
  exists d. intros h H1 H2. rewrite !E. apply (Hd h H1 H2). Qed.
Lemma Rk_deriv k t : derivable_pt_lim (Rk (S k)) t (Rk k t).
Proof. revert t. induction k as [|k IH]; intros t.
  - apply (dpl_eq _ t (0 - - exp (- t))); [simpl; ring|].
    apply (derivable_pt_lim_minus (fun _ => 1 / 1) (fun s => exp (- s))); [apply derivable_pt_lim_const|apply exp_opp_deriv].
  - change (Rk (S k) t) with (t ^ k / INR (fact k) - Rk k t).
    apply (derivable_pt_lim_minus (fun s => s ^ S k / INR (fact (S k))) (Rk (S k))); [apply pow_fact_deriv|apply IH]. Qed.
Lemma Rk_0 k : Rk (S k) 0 = 0.
Proof. induction k as [|k IH]; [simpl; rewrite Ropp_0, exp_0; field|].
  change (Rk (S (S k)) 0) with (0 ^ S k / INR (fact (S k)) - Rk (S k) 0). rewrite IH. simpl pow. unfold Rdiv. ring. Qed.
Lemma Rk_bound k t : 0 <= t -> 0 <= Rk k t <= t ^ k / INR (fact k).
Proof. revert t. induction k as [|k IH]; intros t Ht.
  - simpl. assert (P := exp_pos (- t)). assert (exp (- t) <= 1) by (rewrite <- exp_0; destruct (Req_dec t 0) as [->|];
    [rewrite Ropp_0; lra|left; apply exp_increasing; lra]). lra.
  - split.
    + rewrite <- (Rk_0 k). apply (incr_le (Rk (S k)) (Rk k)); [assumption|intros; apply Rk_deriv|]. intros c Hc. apply IH.
      lra.
    + set (h := fun s => s ^ S k / INR (fact (S k)) - Rk (S k) s).
      assert (T : h 0 <= h t).
      { apply (incr_le h (fun s => s ^ k / INR (fact k) - Rk k s)); [assumption| |].
        - intros c. unfold h. apply (derivable_pt_lim_minus (fun s => s ^ S k / INR (fact (S k))) (Rk (S k)));
          [apply pow_fact_deriv|apply Rk_deriv].
        - intros c Hc. destruct (IH c); lra. }
      unfold h in T. rewrite Rk_0 in T. simpl (0 ^ S k) in T. unfold Rdiv in *. lra. Qed.

(* Horner form: g_{k} = 1 - t/(k+1) g_{k+1} with every g_k in [0,1] and g_0 = exp(-t) *)
Definition gk (t : R) (k : nat) : R := if Req_EM_T t 0 then 1 else Rk k t * INR (fact k) / t ^ k.
Lemma gk_0 t : gk t 0 = exp (- t).
Proof. unfold gk. destruct (Req_EM_T t 0) as [->|]; simpl; [now rewrite Ropp_0, exp_0|field]. Qed.
Lemma gk_range t k : 0 <= t -> 0 <= gk t k <= 1.
Proof. intros Ht. unfold gk. destruct (Req_EM_T t 0); [lra|]. assert (Tp : 0 < t) by lra.
  destruct (Rk_bound k t Ht) as [B1 B2]. assert (P : 0 < t ^ k) by (now apply pow_lt). assert (F := INR_fact_lt_0 k).
  split; [pos|]. apply Rmult_le_reg_r with (t ^ k); [assumption|]. unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l by lra.
  apply (Rmult_le_compat_r (INR (fact k))) in B2; [|lra]. unfold Rdiv in B2. rewrite Rmult_assoc, Rinv_l in B2 by lra.
    lra. Qed.
Lemma gk_step t k : gk t k = 1 - t / INR (S k) * gk t (S k) \/ t = 0.
Proof. unfold gk. destruct (Req_EM_T t 0) as [->|Ne]; [now right|left].
  change (Rk (S k) t) with (t ^ k / INR (fact k) - Rk k t). rewrite fact_simpl, mult_INR. simpl (t ^ S k).
  assert (INR (S k) <> 0) by now apply not_0_INR. assert (F := INR_fact_neq_0 k).
    assert (t ^ k <> 0) by now apply pow_nonzero.
  set (c := INR (S k)) in *. set (d := INR (fact k)) in *. set (tk := t ^ k) in *. field. repeat split; assumption. Qed.
Lemma gk_step' t k : gk t k = 1 - t / INR (S k) * gk t (S k).
Proof. destruct (gk_step t k) as [E| ->]; [assumption|]. unfold gk. destruct (Req_EM_T 0 0); [|lra]. unfold Rdiv. ring. Qed.
