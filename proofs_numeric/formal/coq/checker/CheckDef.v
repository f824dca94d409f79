(* SPDX-License-Identifier: Apache-2.0 *)
(* Theorem A at a state that is known in balls, and the checker of certificates from a checkpoint (theorem_a.md, section 7):
   everything that is computed, and no real number, so that it extracts cleanly. *)
Require Import ZArith List Bool.
From Alignproof Require Import Integers Certificate BallDef ActDef.
Import ListNotations.

(* Numbers of the certificate are compared exactly. *)
Definition dsum (a b : double) : double :=
  let e := Z.min (snd a) (snd b) in (Z.shiftl (fst a) (snd a - e) + Z.shiftl (fst b) (snd b - e), e)%Z.
Definition dneg (a : double) : double := (- fst a, snd a)%Z.
Definition dpos (a : double) : bool := Z.ltb 0 (fst a).
Definition dle (a b : double) : bool := Z.leb 0 (fst (dsum b (dneg a))).
Definition dlt (a b : double) : bool := Z.ltb 0 (fst (dsum b (dneg a))).
Definition minus_one : double := (-1, 0)%Z.
Definition plus_one : double := (1, 0)%Z.

(* The formulas of theorem_a.md, section 1, once, over any type with operations: balls and real numbers. *)
Record nums (T : Type) := { x_rp : T; x_et : T; x_al : T; x_Mmin : T; x_Mmax : T; x_Gmax : T; x_Kn : T; x_L1 : T; x_L2 : T;
  x_E : T; x_kmax : T; x_koK : T; x_nb : T; x_Q : T; x_b4 : T; x_Nb : T; x_bbe : T; x_cmin : T; x_cmax : T }.
Arguments x_rp {T}. Arguments x_et {T}. Arguments x_al {T}. Arguments x_Mmin {T}. Arguments x_Mmax {T}. Arguments x_Gmax {T}.
Arguments x_Kn {T}. Arguments x_L1 {T}. Arguments x_L2 {T}. Arguments x_E {T}. Arguments x_kmax {T}. Arguments x_koK {T}.
Arguments x_nb {T}. Arguments x_Q {T}. Arguments x_b4 {T}. Arguments x_Nb {T}. Arguments x_bbe {T}. Arguments x_cmin {T}.
Arguments x_cmax {T}.
Record ops (T : Type) := { o_add : T -> T -> T; o_sub : T -> T -> T; o_mul : T -> T -> T; o_div : T -> T -> T;
  o_sqrt : T -> T;
  o_half : T -> T; o_two : T }.
Arguments o_add {T}. Arguments o_sub {T}. Arguments o_mul {T}. Arguments o_div {T}. Arguments o_sqrt {T}.
  Arguments o_half {T}.
Arguments o_two {T}.
Section Formulas.
Variable T : Type.
Variable o : ops T.
Variable x : nums T.
Local Notation "a + b" := (o_add o a b). Local Notation "a - b" := (o_sub o a b).
Local Notation "a * b" := (o_mul o a b). Local Notation "a / b" := (o_div o a b).
Definition f_L1s := x_L1 x * x_L1 x.
Definition f_s0 := x_nb x / x_rp x.                                                        (* sqrt B2 *)
Definition f_kap := f_L1s * f_s0 * x_Kn x / x_rp x.
Definition f_R := x_E x / x_al x.
Definition f_Gs := o_sqrt o (x_Gmax x).
Definition f_q := f_kap * f_R.                                                             (* (A.4) *)
Definition f_rho := f_R * (f_Gs + o_half o f_kap * f_R).                                   (* (A.13), sharper by (A.31) *)
Definition f_dG := o_two o * f_Gs * f_q + f_q * f_q.                                       (* (A.6) *)
Definition f_h2 := o_two o * f_L1s * x_L2 x * x_kmax x * x_Kn x / x_rp x.
Definition f_D := f_dG + (f_L1s * x_Kn x * f_s0 * f_rho / x_rp x + f_h2 * x_Q x * f_R).    (* + (A.7) *)
Definition f_Cv := f_kap * (f_Gs + f_q) + o_half o (f_L1s * x_L2 x * x_koK x / x_rp x) * (x_Q x + x_b4 x * f_rho).
  (* (A.9) *)
Definition f_CE := x_et x * f_Cv * x_E x.
Definition f_A10 := x_Mmin x - f_D - f_CE - x_al x.
Definition f_A11 := o_two o - x_et x * x_al x - x_et x * f_CE - x_et x * (x_Mmax x + f_D).
Definition f_Ad := x_L1 x * f_s0 * x_Kn x * f_R.                                           (* (A.14) *)
(* (A.23), multiplied by the denominators *)
Definition f_near := (x_Nb x - f_rho) * x_nb x.
Definition f_far := (x_Nb x + f_rho) * x_nb x.
Definition f_low := x_bbe x - f_rho * x_nb x.
Definition f_high := x_bbe x + f_rho * x_nb x.
Definition f_c1 := f_low - x_cmin x * f_near.
Definition f_c2 := f_low - x_cmin x * f_far.
Definition f_c3 := x_cmax x * f_near - f_high.
Definition f_c4 := x_cmax x * f_far - f_high.
End Formulas.
Arguments f_L1s {T}. Arguments f_s0 {T}. Arguments f_kap {T}. Arguments f_R {T}. Arguments f_Gs {T}. Arguments f_q {T}.
Arguments f_rho {T}. Arguments f_dG {T}. Arguments f_h2 {T}. Arguments f_D {T}. Arguments f_Cv {T}. Arguments f_CE {T}.
Arguments f_A10 {T}. Arguments f_A11 {T}. Arguments f_Ad {T}. Arguments f_near {T}. Arguments f_far {T}. Arguments f_low {T}.
Arguments f_high {T}. Arguments f_c1 {T}. Arguments f_c2 {T}. Arguments f_c3 {T}. Arguments f_c4 {T}.

Module CheckDefF (I : INT) (Import B : BallDefT I) (Import F : ActDefT I B).
Definition mball := list (list ball).
Fixpoint mapi {T U} (f : nat -> T -> U) (i : nat) (l : list T) : list U :=
  match l with [] => [] | a :: t => f i a :: mapi f (S i) t end.
Definition diag (f g : ball -> ball) (M : mball) : mball :=
  mapi (fun i row => mapi (fun j a => if Nat.eqb i j then f a else g a) 0 row) 0 M.
Definition outer (l : mball) (f : list ball -> list ball -> ball) : mball := map (fun a => map (fun a' => f a a') l) l.
(* upper end of the largest *)
Definition maxball (l : list ball) : ball := (fold_right (fun a m => I.max m (I.add (fst a) (snd a))) c0 l, c0).
(* x + u for every |u| <= r *)
Definition widen (r a : ball) : ball := (fst a, I.add (snd a) (I.add (I.abs (fst r)) (snd r))).

(* positive definite by elimination (theorem_a.md, section 6) *)
Fixpoint pd w (k : nat) (M : mball) : bool :=
  match k, M with
  | O, _ => true
  | S k', (d :: v) :: rest => posb d && pd w k' (map (fun row => match row with
      | c :: row' => let q := div w c d in map2 (fun a vj => sub a (mul w q vj)) row' v | [] => [] end) rest)
  | _, _ => false
  end.

Section Compute.
Variable w : I.t.
Definition nrmB (l : list ball) : ball := bsqrt w (dotB w l l).

(* What does not change along a run. *)
Record data := { d_psi : activation; d_n : nat; d_p : I.t; d_rp : ball; d_K : mball; d_y : list ball; d_b : list ball;
  d_nb : ball; d_eta : ball; d_h : ball }.
Definition data_of (P : problem) : data :=
  let D := map (ofD w) in
  let p := I.of_Z (Z.of_nat (length (p_b P))) in
  let rp := bsqrt w (ofInt w p) in
  let b := D (p_b P) in
  let eta := ofD w (p_eta P) in
  {| d_psi := p_psi P; d_n := length (p_y P); d_p := p; d_rp := rp; d_K := outer (map D (p_X P)) (dotB w); d_y := D (p_y P);
     d_b := b; d_nb := nrmB b; d_eta := eta; d_h := div w eta rp |}.
(* columns of A; beta *)
Record state := { st_A : mball; st_beta : list ball }.
(* what is computed at a state, once: Psi, psi'(A), the error and its norm *)
Record point := { z_U : mball; z_D : mball; z_e : list ball; z_E : ball }.
Definition point_at (d : data) (s : state) : point :=
  let V := map (map (activate (d_psi d) w)) (st_A s) in
  let U := map (map fst) V in
  let e := map2 sub (map (fun u => div w (dotB w u (st_beta s)) (d_rp d)) U) (d_y d) in
  {| z_U := U; z_D := map (map snd) V; z_e := e; z_E := nrmB e |}.

Definition mG (d : data) (z : point) : mball := outer (z_U z) (fun u u' => divk (d_p d) (dotB w u u')).
Definition mS (d : data) (cb : list ball) (Db : mball) : mball :=
  map (fun di => let cd := map2 (mul w) cb di in map (fun dj => divk (d_p d) (dotB w cd dj)) Db) Db.
Definition mM (d : data) (s : state) (z : point) : mball :=
  map2 (map2 add) (mG d z) (map2 (map2 (mul w)) (d_K d) (mS d (map2 (mul w) (st_beta s) (d_b d)) (z_D z))).
Definition ballops : ops ball := {| o_add := add; o_sub := sub; o_mul := mul w; o_div := div w; o_sqrt := bsqrt w;
  o_half := divk c2; o_two := ofInt w c2 |}.
Definition numbers (d : data) (s : state) (z : point) (l : leg) : nums ball :=
  let D := ofD w in
  let v := l_witness l in let c := l_statement l in
  let k2 := map (fun r => dotB w r r) (d_K d) in
  let b2 := map (fun a => mul w a a) (d_b d) in
  {| x_rp := d_rp d; x_et := d_eta d; x_al := D (s_alpha c); x_Mmin := D (w_M_min v); x_Mmax := D (w_M_max v);
     x_Gmax := D (w_G_max v); x_Kn := D (w_K_norm v); x_L1 := L1B (d_psi d) w; x_L2 := L2B (d_psi d) w; x_E := z_E z;
     x_kmax := maxball (map (bsqrt w) k2); x_koK := nrmB k2; x_nb := d_nb d;
     x_Q := divk (d_p d) (dotB w (map babs (st_beta s)) b2); x_b4 := divk (d_p d) (nrmB b2);
     x_Nb := nrmB (st_beta s); x_bbe := dotB w (d_b d) (st_beta s); x_cmin := D (s_cos_min c); x_cmax := D (s_cos_max c) |}.
(* (A.48): no |a_ri| is within |b_r| L1 k_i R / sqrt p of 0 *)
Definition signs_ok (d : data) (s : state) (x : nums ball) : bool :=
  let R := f_R ballops x in
  forallb (forallb (fun ok => ok)) (map2 (fun row a =>
    let k := mul w (x_L1 x) (nrmB row) in
    map2 (fun a_ri b_r => posb (sub (babs a_ri) (mul w (div w (mul w (babs b_r) k) (x_rp x)) R))) a (d_b d)) (d_K d)
      (st_A s)).

(* An end at -1 (at 1) or beyond says nothing. *)
Definition cos_min_ok (x : nums ball) (c : double) : bool :=
  let o := ballops in
  dle c minus_one || (posb (x_nb x) && posb (sub (x_Nb x) (f_rho o x)) && nonneg (f_c1 o x) && nonneg (f_c2 o x)).
Definition cos_max_ok (x : nums ball) (c : double) : bool :=
  let o := ballops in
  dle plus_one c || (posb (x_nb x) && posb (sub (x_Nb x) (f_rho o x)) && nonneg (f_c3 o x) && nonneg (f_c4 o x)).

(* K_norm I - K is definite *)
Definition K_ok (d : data) (l : leg) : bool :=
  let kn := ofD w (w_K_norm (l_witness l)) in nonneg kn && pd w (d_n d) (diag (sub kn) opp (d_K d)).
(* The premises of Theorem A and its numbers, once the spectra are bounded; `signs` says that (A.48) holds. *)
Definition close_leg (x : nums ball) (l : leg) (signs : bool) : outcome :=
  let t := l_checkpoint l in
  let c := l_statement l in
  let o := ballops in
  if negb (nonneg (f_A10 o x)) then Open A_10 t
  else if negb (nonneg (f_A11 o x)) then Open A_11 t
  else if negb signs then Open Signs t
  else if negb (nonneg (sub (ofD w (s_error c)) (x_E x))) then Open Leg_error t
  else if negb (nonneg (sub (ofD w (s_beta_displacement c)) (f_rho o x))) then Open Leg_beta_displacement t
  else if negb (nonneg (sub (ofD w (s_A_displacement c)) (f_Ad o x))) then Open Leg_A_displacement t
  else if negb (cos_min_ok x (s_cos_min c)) then Open Cos_min t
  else if negb (cos_max_ok x (s_cos_max c)) then Open Cos_max t
  else Proved.
(* Theorem A at a state; everything is cheap beside the run. *)
Definition check_leg (d : data) (s : state) (z : point) (l : leg) : outcome :=
  let t := l_checkpoint l in
  let x := numbers d s z l in
  let M := mM d s z in
  if negb (pd w (d_n d) (diag (fun a => sub a (x_Mmin x)) (fun a => a) M)) then Open M_min t
  else if negb (pd w (d_n d) (diag (sub (x_Mmax x)) opp M)) then Open M_max t
  else if negb (nonneg (x_Gmax x) && pd w (d_n d) (diag (sub (x_Gmax x)) opp (mG d z))) then Open G_max t
  else close_leg x l (if frozen_signs (d_psi d) then signs_ok d s x else true).
(* Theorem A at every state within r of this one, by the shifts of theorem_b.md, section 5: sharper than balls of the
   entries, whose number would multiply r. *)
Definition check_near (d : data) (s : state) (z : point) (l : leg) (r : ball) : outcome :=
  let t := l_checkpoint l in
  let x := numbers d s z l in
  let two := ofInt w c2 in
  let q := div w (mul w (x_L1 x) r) (x_rp x) in
  let sg := sub (bsqrt w (x_Gmax x)) q in
  let ncb := nrmB (map2 (mul w) (st_beta s) (d_b d)) in
  let G_shift := add (mul w (mul w two sg) q) (mul w q q) in
  let H_shift := divk (d_p d) (mul w (add (mul w (mul w (mul w (x_L1 x) (x_L1 x)) (x_Kn x)) (x_nb x))
                                          (mul w (mul w (mul w (mul w two (x_Kn x)) (x_L1 x)) (x_L2 x)) ncb)) r) in
  let M_shift := add G_shift H_shift in
  let e_shift := add (mul w sg r) (div w (mul w (mul w (x_L1 x) r) (add (x_Nb x) r)) (x_rp x)) in
  let lower := add (x_Mmin x) M_shift in
  let upper := sub (x_Mmax x) M_shift in
  let M := mM d s z in
  if negb (pd w (d_n d) (diag (fun a => sub a lower) (fun a => a) M)) then Open M_min t
  else if negb (pd w (d_n d) (diag (sub upper) opp M)) then Open M_max t
  else if negb (nonneg (x_Gmax x) && nonneg sg && pd w (d_n d) (diag (sub (mul w sg sg)) opp (mG d z))) then Open G_max t
  else close_leg {| x_rp := x_rp x; x_et := x_et x; x_al := x_al x; x_Mmin := x_Mmin x; x_Mmax := x_Mmax x;
    x_Gmax := x_Gmax x;
    x_Kn := x_Kn x; x_L1 := x_L1 x; x_L2 := x_L2 x; x_E := widen e_shift (x_E x); x_kmax := x_kmax x; x_koK := x_koK x;
    x_nb := x_nb x; x_Q := add (x_Q x) (mul w (x_b4 x) r); x_b4 := x_b4 x; x_Nb := widen r (x_Nb x);
    x_bbe := widen (mul w r (x_nb x)) (x_bbe x); x_cmin := x_cmin x; x_cmax := x_cmax x |} l true.

(* What must hold for anything else to have a meaning. *)
Definition shapes_ok (P : problem) : bool :=
  let n := length (p_y P) in let p := length (p_b P) in let d := length (nth 0 (p_X P) []) in
  (0 <=? I.to_Z w)%Z && Nat.ltb 0 n && Nat.ltb 0 p && Nat.eqb (length (p_X P)) n && Nat.eqb (length (p_beta P)) p
  && forallb (fun row => Nat.eqb (length row) d) (p_X P) && posb (bsqrt w (ofInt w (I.of_Z (Z.of_nat p)))).
Definition alpha_ok (l : leg) : bool := posb (ofD w (s_alpha (l_statement l))).

Definition check_checkpoint (c : checkpoint_certificate) : outcome :=
  let P := k_problem c in
  let l := k_leg c in
  let p := length (p_b P) in
  if negb (shapes_ok P && Nat.eqb (length (k_A c)) (length (p_y P)) && forallb (fun col => Nat.eqb (length col) p) (k_A c)
           && Nat.eqb (l_checkpoint l) 0) then Open Shapes 0
  else if negb (dpos (p_eta P)) then Open Eta_positive 0
  else if negb (alpha_ok l) then Open Alpha_positive 0
  else if negb (dle (0, 0)%Z (p_radius P)) then Open Radius_nonnegative 0
  else
    let d := data_of P in
    if negb (K_ok d l) then Open K_norm 0
    else
      let rad := ofD w (p_radius P) in
      if dpos (p_radius P) && negb (frozen_signs (p_psi P)) then
        let s := {| st_A := map (map (ofD w)) (k_A c); st_beta := map (ofD w) (p_beta P) |} in
        check_near d s (point_at d s) l rad
      else
        let near := map (fun a => widen rad (ofD w a)) in
        let s := {| st_A := map near (k_A c); st_beta := near (p_beta P) |} in
        check_leg d s (point_at d s) l.
End Compute.
End CheckDefF.
(* as a module type, so that the proofs speak of the very module that is run *)
Module Type CheckDefT (I : INT) (B : BallDefT I) (F : ActDefT I B).
Include CheckDefF I B F.
End CheckDefT.
