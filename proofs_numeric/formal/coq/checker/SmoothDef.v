(* SPDX-License-Identifier: Apache-2.0 *)
(* erf, gelu and softplus on balls. No real number stands in this file, so that it extracts cleanly; Smooth.v proves that
   each result encloses its function.

   Functions are evaluated at the midpoint of their ball, at w + 16 bits; `spread` adds what the radius does, by the
   derivative at the midpoint and |psi''| <= 1. *)
Require Import ZArith List Bool.
From Alignproof Require Import Integers Certificate BallDef ElementaryDef.

Module SmoothDefF (I : INT) (Import B : BallDefT I) (Import E : ElementaryDefT I B).
Local Notation "[ x ]" := (I.to_Z x).
Definition c3 := I.of_Z 3. Definition c16 := I.of_Z 16.
(* at least |x| 2^w for every x of the ball *)
Definition top (a : ball) : I.t := I.add (I.abs (fst a)) (snd a).
Definition widen (a : ball) (e : I.t) : ball := (fst a, I.add (snd a) e).
(* psi and psi' around the midpoint, from their balls P and D at the midpoint *)
Definition spread (w r : I.t) (P D : ball) : ball * ball :=
  (widen P (I.add (I.shr (I.mul (I.add (top D) r) r) w) c1), widen D r).

(* PI = 4 (2 atan(1/3) + atan(1/7)) by the alternating series; s is the sum of the terms before the index of d, p and q are
   2 (1/3)^d and (1/7)^d with their sign. *)
Fixpoint pi_loop (k : nat) (d : I.t) (p q s : ball) : ball :=
  let term := divk d (add p q) in
  match k with
  | O => widen s (top term)
  | S j => pi_loop j (I.add d c2) (opp (divk (I.of_Z 9) p)) (opp (divk (I.of_Z 49) q)) (add s term)
  end.
Definition piB (w : I.t) : ball :=
  let k := (2 * Z.to_nat ([w] / 6 + 2) + 1)%nat in
  mul w (ofInt w (I.of_Z 4)) (pi_loop k c1 (divk c3 (ofInt w c2)) (divk (I.of_Z 7) (one w)) b0).

(* The sum of t_k, t_(k+1) = t_k u/(2k+3), u = q/2^sh, until a term vanishes: the sum and the last 2k+3. *)
Fixpoint series (fuel : nat) (q sh d t s : I.t) : option (I.t * I.t) :=
  if I.ltb t c1 then Some (s, d) else
  match fuel with
  | O => None
  | S f => series f q sh (I.add d c2) (I.div (I.shr (I.mul t q) sh) d) (I.add s t)
  end.
(* The integral of exp(-a t^2) from 0 to x, and exp(-a x^2), for a = 2^-j and x = X/2^w >= 0, at the scale 2^(w + 16):
   exp(-a x^2) x g_0(2 a x^2). The sum g_0 grows like exp(a x^2), for which W has bits to spare. *)
Definition gauss_at (j w x : I.t) : ball * ball :=
  let q := I.mul x x in
  let sh := I.add (I.add w w) j in
  let n := I.add (I.shr q sh) c1 in
  let e := I.shr (I.mul c3 n) c1 in
  let V := I.add w c16 in
  let W := I.add V e in
  let one := I.shl c1 W in
  let X := I.shl x c16 in
  let coarse := ((c0, X), (c0, I.shl c1 V)) in
  match series (Z.to_nat ([W] + 4 * [n])) (I.shl q c1) sh c3 one c0 with
  | Some (s, d) =>
      if I.leb (I.shl d c1) one then
        let E := expnB W (I.shr (I.shl q W) sh, c1) in
        let G := (s, I.add (I.shr (I.mul (I.shl d c1) s) W) c1) in
        (mul V (X, c0) (norm e (mul W E G)), norm e E)
      else coarse
  | None => coarse
  end.
(* The same for every x = m/2^w. Beyond `cap`, where exp(-a x^2) is below a unit, the value at cap does, with the bound of
   the tail of the integral. *)
Definition gaussB (j w m : I.t) : ball * ball :=
  let cap := I.shl (I.add (I.sqrt (I.shl w j)) c2) w in
  let M := I.abs m in
  let BE := if I.ltb cap M then let (B, E) := gauss_at j w cap in let h := top E in (widen B h, (c0, h))
    else gauss_at j w M in
  (if I.ltb m c0 then opp (fst BE) else fst BE, snd BE).

(* psi = erf, 2/sqrt PI times the integral with a = 1; the constant is computed once, when w is given. *)
Definition erf_scaleB (v : I.t) : ball :=
  let root := bsqrt v (piB v) in if posb root then div v (ofInt v c2) root else (c0, I.shl c2 v).
Definition erfB (w : I.t) : ball -> ball * ball :=
  let v := I.add w c16 in
  let c := erf_scaleB v in
  fun a => let (B, E) := gaussB c0 w (fst a) in
    spread w (snd a) (norm c16 (mul v c B)) (norm c16 (mul v c E)).

(* psi = gelu, x Phi(x), where Phi(x) - 1/2 is 1/sqrt(2 PI) times the integral with a = 1/2 *)
Definition gelu_scaleB (v : I.t) : ball :=
  let root := bsqrt v (mul v (ofInt v c2) (piB v)) in if posb root then div v (one v) root else (c0, I.shl c1 v).
Definition geluB (w : I.t) : ball -> ball * ball :=
  let v := I.add w c16 in
  let c := gelu_scaleB v in
  let half := divk c2 (one v) in
  fun a => let (B, E) := gaussB c1 w (fst a) in
    let x := (I.shl (fst a) c16, c0) in
    let Phi := add half (mul v c B) in
    spread w (snd a) (norm c16 (mul v x Phi)) (norm c16 (add Phi (mul v x (mul v c E)))).

(* log(1 + E) for E in [0, 1]: 2 z a_0 with z = E/(2 + E), a_k = 1/(2k+1) + z^2 a_(k+1), from a ball of [0, 2]; z is at
   most 1/3, so that each term adds three bits. *)
Fixpoint log_loop (w : I.t) (v : ball) (k : nat) (h : ball) : ball :=
  match k with O => h | S j => log_loop w v j (add (divk (I.of_Z (Z.of_nat (2 * j + 1))) (one w)) (mul w v h)) end.
Definition log1pB (w : I.t) (E : ball) : ball :=
  let d := add (ofInt w c2) E in
  if posb d then
    let z := div w E d in
    mul w (add z z) (log_loop w (mul w z z) (Z.to_nat ([w] / 3 + 1)) (I.shl c1 w, I.shl c1 w))
  else (c0, I.shl c2 w).
(* psi = softplus, max(x, 0) + log(1 + E) with E = exp(-|x|), and psi' = sigmoid, 1/(1 + E) or 1 - 1/(1 + E) *)
Definition softplusB (w : I.t) (a : ball) : ball * ball :=
  let v := I.add w c16 in
  let (m, r) := a in
  let X := (I.shl (I.abs m) c16, c0) in
  let E := expnB v X in
  let l := log1pB v E in
  let d := add (one v) E in
  let s := if posb d then div v (one v) d else (c0, I.shl c1 v) in
  if I.ltb m c0 then spread w r (norm c16 l) (norm c16 (sub (one v) s)) else spread w r (norm c16 (add X l)) (norm c16 s).
End SmoothDefF.
Module Type SmoothDefT (I : INT) (B : BallDefT I) (E : ElementaryDefT I B).
Include SmoothDefF I B E.
End SmoothDefT.
