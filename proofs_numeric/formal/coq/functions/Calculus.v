(* SPDX-License-Identifier: Apache-2.0 *)
(* From derivatives to the constants L1, L2 of an activation (reports/docs/activations.md). *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Network.
Open Scope R_scope.

Lemma dpl_eq g x l l' : l = l' -> derivable_pt_lim g x l -> derivable_pt_lim g x l'.
Proof. now intros ->. Qed.
(* from derivatives to the record activation_ok *)
Lemma incr_le g g' a b : a <= b -> (forall c, derivable_pt_lim g c (g' c)) -> (forall c, a <= c <= b -> 0 <= g' c) ->
  g a <= g b.
Proof. intros Hab Hd Hp. destruct Hab as [Hab|<-]; [|lra].
  destruct (MVT_cor2 g g' a b Hab) as (c & E & C1); [intros; apply Hd|].
  assert (0 <= g' c) by (apply Hp; lra). assert (0 <= g' c * (b - a)) by (apply Rmult_le_pos; lra). lra. Qed.

Lemma lip_of_deriv g g' L : 0 <= L -> (forall c, derivable_pt_lim g c (g' c)) -> (forall c, Rabs (g' c) <= L) ->
  forall u v, Rabs (g u - g v) <= L * Rabs (u - v).
Proof. intros HL Hd Hb u v.
  assert (W : forall a b, a < b -> Rabs (g b - g a) <= L * Rabs (b - a)).
  { intros a b' Hab. destruct (MVT_cor2 g g' a b' Hab) as (c & E & _); [intros; apply Hd|].
    rewrite E, Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|apply Hb]. }
  destruct (Rtotal_order u v) as [Hl|[->|Hg]].
  - rewrite (Rabs_minus_sym (g u)), (Rabs_minus_sym u). now apply W.
  - unfold Rminus. rewrite !Rplus_opp_r, Rabs_R0. lra.
  - now apply W. Qed.

Lemma taylor_of_deriv g g' L : 0 <= L -> (forall c, derivable_pt_lim g c (g' c)) ->
  (forall u v, Rabs (g' u - g' v) <= L * Rabs (u - v)) ->
  forall u h, Rabs (g (u + h) - g u - g' u * h) <= L / 2 * (h * h).
Proof. intros HL Hd Hl u h.
  assert (W : forall sg, sg = 1 \/ sg = -1 -> sg * (g (u + h) - g u - g' u * h) <= L / 2 * (h * h)).
  { intros sg Hsg.
    set (k := fun s => L / 2 * (s * s) - sg * (g (u + s) - g u - g' u * s)).
    set (k' := fun s => L * s - sg * (g' (u + s) - g' u)).
    assert (Hk : forall c, derivable_pt_lim k c (k' c)).
    { intros c. unfold k, k'.
      replace (L * c - sg * (g' (u + c) - g' u)) with
        ((L / 2) * (1 * c + c * 1) - sg * ((g' (u + c) * (0 + 1) - 0) - g' u * 1)) by field.
      apply (derivable_pt_lim_minus (fun s => L / 2 * (s * s)) (fun s => sg * (g (u + s) - g u - g' u * s))).
      - apply (derivable_pt_lim_scal (fun s => s * s)).
        apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id.
      - apply (derivable_pt_lim_scal (fun s => g (u + s) - g u - g' u * s)).
        apply (derivable_pt_lim_minus (fun s => g (u + s) - g u) (fun s => g' u * s)).
        + apply (derivable_pt_lim_minus (fun s => g (u + s)) (fun _ => g u)); [|apply derivable_pt_lim_const].
          apply (derivable_pt_lim_comp (fun s => u + s) g); [|apply Hd].
          apply (derivable_pt_lim_plus (fun _ => u) id); [apply derivable_pt_lim_const|apply derivable_pt_lim_id].
        + apply (derivable_pt_lim_scal id). apply derivable_pt_lim_id. }
    assert (k0 : k 0 = 0) by (unfold k; rewrite Rplus_0_r; ring).
    assert (sgn : forall s, Rabs (sg * (g' (u + s) - g' u)) <= L * Rabs s).
    { intros s. rewrite Rabs_mult. replace (Rabs sg) with 1.
      2:{ destruct Hsg as [->| ->]; [rewrite Rabs_right|rewrite Rabs_left]; lra. }
      rewrite Rmult_1_l. replace (Rabs s) with (Rabs (u + s - u)) by (f_equal; ring). apply Hl. }
    destruct (Rle_dec 0 h) as [Hh|Hh].
    - assert (T : k 0 <= k h).
      { apply (incr_le k k'); [assumption|assumption|]. intros c Hc. assert (X := sgn c).
        rewrite (Rabs_right c) in X by lra. apply Rabs_le_inv in X. unfold k'. lra. }
      unfold k in T at 2. rewrite k0 in T. lra.
    - assert (T : - k h <= - k 0).
      { apply (incr_le (fun s => - k s) (fun s => - k' s)); [lra| |].
        - intros c. apply (derivable_pt_lim_opp k). apply Hk.
        - intros c Hc. assert (X := sgn c). rewrite (Rabs_left1 c) in X by lra. apply Rabs_le_inv in X. unfold k'. lra. }
      rewrite k0 in T. unfold k in T. lra. }
  apply Rabs_le. assert (W1 := W 1 (or_introl eq_refl)). assert (W2 := W (-1) (or_intror eq_refl)). lra. Qed.

Lemma activation_of_deriv g g' g'' L1 L2 : 0 <= L1 -> 0 <= L2 ->
  (forall c, derivable_pt_lim g c (g' c)) -> (forall c, derivable_pt_lim g' c (g'' c)) ->
  (forall c, Rabs (g' c) <= L1) -> (forall c, Rabs (g'' c) <= L2) ->
  activation_ok (fun _ _ => g) (fun _ _ => g') L1 L2.
Proof. intros H1 H2 D1 D2 B1 B2. assert (Lp := lip_of_deriv g' g'' L2 H2 D2 B2). split; intros.
  - apply B1.
  - now apply (lip_of_deriv g g').
  - apply Lp.
  - now apply (taylor_of_deriv g g'). Qed.

