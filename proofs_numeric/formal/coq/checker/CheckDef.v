(* SPDX-License-Identifier: Apache-2.0 *)
(* The checker: everything that is computed, and no real number, so that it extracts cleanly. *)
Require Import ZArith List Bool.
From Alignproof Require Import Integers Certificate BallDef.
Import ListNotations.

Definition dimn c := length (c_y c).
Definition dimp c := length (c_b c).
(* The formulas of section 1, once, over any type with operations: balls and real numbers. *)
Record nums (T : Type) := { x_rp : T; x_et : T; x_al : T; x_Mmin : T; x_Mmax : T; x_Gmax : T; x_Kn : T; x_E : T; x_kmax : T;
  x_koK : T; x_nb : T; x_Q : T; x_b4 : T; x_Nb : T; x_bbe : T; x_err : T; x_bd : T; x_Ad : T; x_cmin : T; x_cmax : T }.
Arguments x_rp {T}. Arguments x_et {T}. Arguments x_al {T}. Arguments x_Mmin {T}. Arguments x_Mmax {T}. Arguments x_Gmax {T}.
Arguments x_Kn {T}. Arguments x_E {T}. Arguments x_kmax {T}. Arguments x_koK {T}. Arguments x_nb {T}. Arguments x_Q {T}.
Arguments x_b4 {T}. Arguments x_Nb {T}. Arguments x_bbe {T}. Arguments x_err {T}. Arguments x_bd {T}. Arguments x_Ad {T}.
Arguments x_cmin {T}. Arguments x_cmax {T}.
Record ops (T : Type) := { o_add : T -> T -> T; o_sub : T -> T -> T; o_mul : T -> T -> T; o_div : T -> T -> T; o_sqrt : T -> T;
  o_half : T -> T; o_two : T; o_L2 : T }.
Arguments o_add {T}. Arguments o_sub {T}. Arguments o_mul {T}. Arguments o_div {T}. Arguments o_sqrt {T}. Arguments o_half {T}.
Arguments o_two {T}. Arguments o_L2 {T}.
Section Formulas.
Variable T : Type.
Variable o : ops T.
Variable x : nums T.
Local Notation "a + b" := (o_add o a b). Local Notation "a - b" := (o_sub o a b).
Local Notation "a * b" := (o_mul o a b). Local Notation "a / b" := (o_div o a b).
Definition f_tworp := o_two o * x_rp x.
Definition f_s0 := x_nb x / x_rp x.
Definition f_kap := f_s0 * x_Kn x / x_rp x.
Definition f_R := x_E x / x_al x.
Definition f_Gs := o_sqrt o (x_Gmax x).
Definition f_q := f_kap * f_R.
Definition f_rho := f_R * (f_Gs + o_half o f_kap * f_R).
Definition f_dG := o_two o * f_Gs * f_q + f_q * f_q.
Definition f_h2 := o_two o * o_L2 o * x_kmax x * x_Kn x / x_rp x.
Definition f_D := f_dG + (x_Kn x * f_s0 * f_rho / x_rp x + f_h2 * x_Q x * f_R).
Definition f_Cv := f_kap * (f_Gs + f_q) + o_L2 o * x_koK x / f_tworp * (x_Q x + x_b4 x * f_rho).
Definition f_CE := x_et x * f_Cv * x_E x.
Definition f_A10 := x_Mmin x - f_D - f_CE - x_al x.
Definition f_A11 := o_two o - x_et x * x_al x - x_et x * f_CE - x_et x * (x_Mmax x + f_D).
Definition f_Ad := f_s0 * x_Kn x * f_R.
Definition f_lo := (x_Nb x - f_rho) * x_nb x.
Definition f_hi := (x_Nb x + f_rho) * x_nb x.
Definition f_c1 := x_bbe x - f_rho * x_nb x - x_cmin x * f_lo.
Definition f_c2 := x_bbe x - f_rho * x_nb x - x_cmin x * f_hi.
Definition f_c3 := x_cmax x * f_lo - (x_bbe x + f_rho * x_nb x).
Definition f_c4 := x_cmax x * f_hi - (x_bbe x + f_rho * x_nb x).
End Formulas.
Arguments f_tworp {T}. Arguments f_s0 {T}. Arguments f_kap {T}. Arguments f_R {T}. Arguments f_Gs {T}. Arguments f_q {T}. Arguments f_rho {T}.
Arguments f_dG {T}. Arguments f_h2 {T}. Arguments f_D {T}. Arguments f_Cv {T}. Arguments f_CE {T}. Arguments f_A10 {T}. Arguments f_A11 {T}.
Arguments f_Ad {T}. Arguments f_lo {T}. Arguments f_hi {T}. Arguments f_c1 {T}. Arguments f_c2 {T}. Arguments f_c3 {T}. Arguments f_c4 {T}.

Module CheckDefF (I : INT) (Import B : BallDefT I).
Local Notation "[ x ]" := (I.to_Z x).
Definition mball := list (list ball).
Fixpoint mapi {T U} (f : nat -> T -> U) (i : nat) (l : list T) : list U :=
  match l with [] => [] | a :: t => f i a :: mapi f (S i) t end.
Definition diag (f g : ball -> ball) (M : mball) : mball :=
  mapi (fun i row => mapi (fun j a => if Nat.eqb i j then f a else g a) 0 row) 0 M.

(* positive semidefinite by elimination *)
Fixpoint pd w (k : nat) (M : mball) : bool :=
  match k, M with
  | O, _ => true
  | S k', (d :: v) :: rest => posb d && pd w k' (map (fun row => match row with
      | c :: row' => let q := div w c d in map2 (fun a vj => sub a (mul w q vj)) row' v | [] => [] end) rest)
  | _, _ => false
  end.

Section Compute.
Variable w : I.t.
Variable N : nat.
Definition lenok (c : cert) : bool :=
  let n := dimn c in let p := dimp c in let d := length (nth 0 (c_X c) []) in
  (Nat.ltb 0 n && Nat.ltb 0 p && Nat.eqb (length (c_beta c)) p && Nat.eqb (length (c_X c)) n && Nat.eqb (length (c_A c)) n
   && forallb (fun l => Nat.eqb (length l) d) (c_X c) && forallb (fun l => Nat.eqb (length l) p) (c_A c) && (0 <=? I.to_Z w)%Z)%bool.
Definition outer (l : mball) (f : list ball -> list ball -> ball) : mball := map (fun a => map (fun a' => f a a') l) l.
Definition mG pz Ub : mball := outer Ub (fun u u' => divk pz (dotB w u u')).
Definition mS pz (cb : list ball) (Db : mball) : mball :=
  map (fun di => let cd := map2 (mul w) cb di in map (fun dj => divk pz (dotB w cd dj)) Db) Db.
Definition mM pz Kb Ub Db cb : mball := map2 (map2 add) (mG pz Ub) (map2 (map2 (mul w)) Kb (mS pz cb Db)).
Definition maxball (l : list ball) : ball := (fold_right (fun a m => I.max m (I.add (fst a) (snd a))) c0 l, c0).
Definition ballops : ops ball := {| o_add := add; o_sub := sub; o_mul := mul w; o_div := div w; o_sqrt := bsqrt w;
  o_half := divk c2; o_two := ofInt w c2; o_L2 := divk (I.of_Z 100000000) (ofInt w (I.of_Z 76980036)) |}.
Definition numbers (c : cert) pz (Kb Ub : mball) (yb bb be : list ball) : nums ball :=
  let D := ofD w in
  let rp := bsqrt w (ofInt w pz) in
  let e := map2 sub (map (fun u => div w (dotB w u be) rp) Ub) yb in
  let Kd := map (fun r => dotB w r r) Kb in
  let b2l := map (fun a => mul w a a) bb in
  {| x_rp := rp; x_et := D (c_eta c); x_al := D (c_alpha c); x_Mmin := D (c_Mmin c); x_Mmax := D (c_Mmax c);
     x_Gmax := D (c_Gmax c); x_Kn := D (c_Knorm c); x_E := bsqrt w (dotB w e e); x_kmax := maxball (map (bsqrt w) Kd);
     x_koK := bsqrt w (dotB w Kd Kd); x_nb := bsqrt w (dotB w bb bb); x_Q := divk pz (dotB w (map babs be) b2l);
     x_b4 := divk pz (bsqrt w (dotB w b2l b2l)); x_Nb := bsqrt w (dotB w be be); x_bbe := dotB w bb be;
     x_err := D (c_error c); x_bd := D (c_bdisp c); x_Ad := D (c_Adisp c); x_cmin := D (c_cmin c); x_cmax := D (c_cmax c) |}.
Definition scalars_ok (x : nums ball) : bool :=
  let o := ballops in
  posb (x_rp x) && posb (x_et x) && posb (x_al x) && nonneg (x_Gmax x) && nonneg (x_Kn x) && posb (f_tworp o x)
  && nonneg (f_A10 o x) && nonneg (f_A11 o x) && nonneg (sub (x_err x) (x_E x)) && nonneg (sub (x_bd x) (f_rho o x))
  && nonneg (sub (x_Ad x) (f_Ad o x)) && posb (x_nb x) && posb (sub (x_Nb x) (f_rho o x))
  && nonneg (f_c1 o x) && nonneg (f_c2 o x) && nonneg (f_c3 o x) && nonneg (f_c4 o x).
Definition check2 (c : cert) pz (Kb Ub Db : mball) (yb bb be : list ball) : bool :=
  let x := numbers c pz Kb Ub yb bb be in
  let M := mM pz Kb Ub Db (map2 (mul w) be bb) in
  let n := dimn c in
  scalars_ok x
  && pd w n (diag (fun a => sub a (x_Mmin x)) (fun a => a) M)
  && pd w n (diag (fun a => sub (x_Mmax x) a) opp M)
  && pd w n (diag (fun a => sub (x_Gmax x) a) opp (mG pz Ub))
  && pd w n (diag (fun a => sub (x_Kn x) a) opp Kb).
Definition check (c : cert) : bool :=
  if lenok c then
    let D := map (ofD w) in
    let Ub := map (fun l => map (tanhB N w) (D l)) (c_A c) in
    check2 c (I.of_Z (Z.of_nat (dimp c))) (outer (map D (c_X c)) (dotB w)) Ub (map (map (dtanhB w)) Ub) (D (c_y c)) (D (c_b c)) (D (c_beta c))
  else false.
End Compute.


End CheckDefF.
(* as a module type, so that the proofs speak of the very module that is run *)
Module Type CheckDefT (I : INT) (B : BallDefT I).
Include CheckDefF I B.
End CheckDefT.
