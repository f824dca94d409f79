(* SPDX-License-Identifier: Apache-2.0 *)
(* The run itself in balls, from any state: no theorem about shadowing is needed, only more bits. *)
Require Import ZArith List Bool.
From Alignproof Require Import Integers Certificate BallDef ActDef CheckDef.
Import ListNotations.
Module OrbitDefF (I : INT) (Import B : BallDefT I) (Import C : CheckDefT I B).
Record state := { s_A : mball; s_beta : list ball }.          (* columns of A; beta *)
Definition axpy w (a : ball) (l acc : list ball) : list ball := map2 (fun x y => add (mul w a x) y) l acc.
(* sum_j c_j l_j, columnwise *)
Fixpoint comb w (cs : list ball) (ls : mball) (zero : list ball) : list ball :=
  match cs, ls with c :: ct, l :: lt => axpy w c l (comb w ct lt zero) | _, _ => zero end.
Definition residual w pz (yb : list ball) (U : mball) (beta : list ball) : list ball :=
  let rp := bsqrt w (ofInt w pz) in map2 sub (map (fun u => div w (dotB w u beta) rp) U) yb.
Definition bstep w N pz (Kb : mball) (yb bb : list ball) (et : ball) (s : state) : state :=
  let U := map (map (tanhB N w)) (s_A s) in
  let D := map (map (dtanhB w)) U in
  let e := residual w pz yb U (s_beta s) in
  let h := div w et (bsqrt w (ofInt w pz)) in
  let zero := map (fun _ => b0) bb in
  {| s_A := map2 (fun Ki a => map2 sub a (map2 (fun br v => mul w h (mul w br v)) bb (comb w (map2 (mul w) Ki e) D zero))) Kb (s_A s);
     s_beta := map2 sub (s_beta s) (map (mul w h) (comb w e U zero)) |}.
(* one claimed bound of |e(t)| for each t < T, then Theorem A at the state at T *)
Fixpoint bsteps w N pz Kb yb bb et (rows : list double) (s : state) : bool * state :=
  match rows with
  | [] => (true, s)
  | row :: rest =>
      let e := residual w pz yb (map (map (tanhB N w)) (s_A s)) (s_beta s) in
      if nonneg (sub (ofD w row) (bsqrt w (dotB w e e)))
      then bsteps w N pz Kb yb bb et rest (bstep w N pz Kb yb bb et s) else (false, s)
  end.
Definition lenok0 w (c : cert) (W : list (list double)) : bool :=
  let n := dimn c in let p := dimp c in let d := length (nth 0 (c_X c) []) in
  (Nat.ltb 0 n && Nat.ltb 0 p && Nat.eqb (length (c_beta c)) p && Nat.eqb (length (c_X c)) n && Nat.eqb (length W) p
   && forallb (fun l => Nat.eqb (length l) d) (c_X c) && forallb (fun l => Nat.eqb (length l) d) W && (0 <=? I.to_Z w)%Z)%bool.
Definition icheck w N (c : cert) (W : list (list double)) (rows : list double) : bool :=
  if lenok0 w c W then
    let D := map (ofD w) in
    let Xb := map D (c_X c) in let Wb := map D W in
    let pz := I.of_Z (Z.of_nat (dimp c)) in
    let Kb := outer Xb (dotB w) in
    let yb := D (c_y c) in let bb := D (c_b c) in
    if posb (bsqrt w (ofInt w pz)) then
      let (ok, s) := bsteps w N pz Kb yb bb (ofD w (c_eta c)) rows
        {| s_A := map (fun x => map (fun wr => dotB w wr x) Wb) Xb; s_beta := D (c_beta c) |} in
      if ok then let U := map (map (tanhB N w)) (s_A s) in
        check2 w c pz Kb U (map (map (dtanhB w)) U) yb bb (s_beta s)
      else false
    else false
  else false.
End OrbitDefF.
Module Type OrbitDefT (I : INT) (B : BallDefT I) (C : CheckDefT I B).
Include OrbitDefF I B C.
End OrbitDefT.
