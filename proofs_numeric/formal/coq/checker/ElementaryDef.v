(* SPDX-License-Identifier: Apache-2.0 *)
(* exp and tanh on balls. No real number stands in this file, so that it extracts cleanly; Elementary.v proves that each
   result encloses its function.

   exp(-t) for t = m/2^w >= 0: t is divided by 2^k until it is at most 2^-q; N terms of Taylor's series in Horner's form,
   all on integers that stand for N!/j! times their value (so that no step divides), whose error stays below 2 units; then
   k squarings. Everything happens at w + guard w bits. *)
Require Import ZArith List Bool.
From Alignproof Require Import Integers Certificate BallDef.

Module ElementaryDefF (I : INT) (Import B : BallDefT I).
Local Notation "[ x ]" := (I.to_Z x).
Definition c4 := I.of_Z 4. Definition c6 := I.of_Z 6.
(* The series is summed at t <= 2^-q: q grows like the number of terms, so that terms and squarings cost the same. *)
Definition halvings w := I.add (I.shr w c4) c4.
(* Squarings double the error q times or so. *)
Definition guard w := I.add (halvings w) c6.

(* One term: F = N!/j!, h encloses F g_j with exp(-t) = g_0 and g_(j-1) = 1 - t/j g_j in [0, 1]; t = T/2^v, and J = j. *)
Fixpoint taylor (W T v : I.t) (j : nat) (J F h : I.t) : I.t * I.t :=
  match j with
  | O => (F, h)
  | S i => let F' := I.mul F J in taylor W T v i (I.sub J c1) F' (I.sub (I.shl F' W) (I.shr (I.mul T h) v))
  end.
(* x^(2^k) for x in [0, 1], from (E, e): |x 2^W - E| <= e. Squaring doubles the error only where x may exceed 1/2. *)
Fixpoint squarings (W half : I.t) (k : nat) (E e : I.t) : ball :=
  match k with
  | O => (E, e)
  | S j => squarings W half j (I.shr (I.mul E E) W)
             (if I.leb (I.add E e) half then I.add e c1 else I.add (I.add e e) c1)
  end.
(* exp(-m/2^w) at the scale 2^(w + guard w), for m >= 0; the ball's midpoint is in [0, 2^(w + guard w)] *)
Definition expI (w m : I.t) : ball :=
  let q := halvings w in
  let W := I.add w (guard w) in
  let N := S (Z.to_nat ([W] / ([q] + 2))) in
  let k := Z.to_nat ([I.log2 m] + 1 - [w] + [q]) in
  let J := I.of_Z (Z.of_nat N) in
  let (F, h) := taylor W m (I.add w (I.of_Z (Z.of_nat k))) N J c1 c0 in
  (* what the series leaves out, and two units *)
  let left := I.add (I.shl c1 (I.max c0 (I.sub W (I.mul q J)))) c2 in
  let one := I.shl c1 W in
  let E := I.div h F in
  squarings W (I.shr one c1) k (if I.leb E one then I.max c0 E else one) (I.add (I.div left F) c2).
(* exp(-x) for x >= 0 *)
Definition expnB (w : I.t) (a : ball) : ball :=
  let (E, e) := norm (guard w) (expI w (I.max c0 (fst a))) in (E, I.add e (snd a)).
(* tanh x = (1 - E)/(1 + E) for x >= 0, E = exp(-2x); the derivative in E is at most 2, that in x at most 1 *)
Definition tanhB (w : I.t) (a : ball) : ball :=
  let (m, r) := a in
  let (E, e) := expI w (I.shl (I.abs m) c1) in
  let one := I.shl c1 (I.add w (guard w)) in
  let u := I.div (I.shl (I.sub one E) w) (I.add one E) in
  (if I.ltb m c0 then I.opp u else u, I.add (I.add (I.shr (I.add e e) (guard w)) c2) r).
End ElementaryDefF.
Module Type ElementaryDefT (I : INT) (B : BallDefT I).
Include ElementaryDefF I B.
End ElementaryDefT.
