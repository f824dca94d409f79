(* SPDX-License-Identifier: Apache-2.0 *)
(* A certificate that Coq's kernel accepts, in the form of `alignproof certify --export-coq`: one output, feedback alignment,
   tanh, n = 2, d = 2, p = 16, from the initialisation, for every t >= 0. The numbers are those of
   `alignproof certify --n 2 --d 2 --width 16 --inputs isometric --eta 0.5 --target-scale 0.1 --stride 1 --share 0.1
   --bracket 0.3`. The theorem and its conclusions are certificate_holds, at the end; what its words mean is in Meaning.v.
   Both routes decide: integers of Coq, and machine words. Altered claims are left open, each at its own condition. *)
Require Import ZArith Reals List.
From Alignproof Require Import Sums Certificate Ball Meaning Exported.
Import ListNotations.
Open Scope R_scope.

Definition claimed_eta : double := (1, -1)%Z.   (* 0.5 *)
Definition network : problem := {|
  p_psi := Tanh;
  p_X := [[(1, 0); (0, 0)]%Z;
   [(0, 0); (1, 0)]%Z];
  p_y := [(1518303669497969, -55); (-1468450764008367, -54)]%Z;
  p_b := [(2559879880679249, -54); (2485091090004117, -51); (-2110030951097737, -51); (6869587159206787, -53);
    (-1840331795390217, -53); (-7818962867060043, -55); (4749297714974053, -52); (-4849118069362715, -53);
    (-4570290363623981, -53); (-2257176005416619, -51); (2541790134725731, -54); (-2275015040121067, -53);
    (157513326767463, -49); (4476955032739219, -50); (-2216164399802917, -50); (-7288848043201893, -54)]%Z;
  p_beta := [(2580666112663621, -51); (4931534855745493, -53); (-6105229703969529, -61); (4938055164695427, -53);
    (-4763496064025703, -55); (-8361277735748341, -54); (3769931407861765, -54); (-7544935761422185, -53);
    (-3050795725629835, -56); (-6181580148963525, -53); (-3796213164261335, -51); (137143000980133, -47);
    (-4601413927825979, -52); (-6622548375810659, -56); (2224053737555899, -60); (-7716417269803991, -55)]%Z;
  p_eta := claimed_eta; p_radius := (0, 0)%Z |}.
Definition claimed_T : nat := 12.
Definition claimed_alpha : double := (7841783435962561, -55)%Z.   (* 0.21765321311824518 *)
Definition claimed_error : double := (3730832772296631, -57)%Z.   (* 0.025887852780186398 *)
Definition claimed_beta_displacement : double := (6070235891168447, -56)%Z.   (* 0.0842414456410152 *)
Definition claimed_A_displacement : double := (2702959555041299, -54)%Z.   (* 0.1500443966318709 *)
Definition claimed_cos_min : double := (1784008673065521, -58)%Z.   (* 0.006189523453025984 *)
Definition claimed_cos_max : double := (2497202358504421, -55)%Z.   (* 0.06931128888899632 *)
Definition claimed_leg : leg := {|
  l_checkpoint := claimed_T;
  l_witness := {| w_M_min := (5682451765190261, -54); w_M_max := (8248661704978017, -54); w_G_max := (8104820001473165,
    -54); w_K_norm := (4503604130970123, -52) |}%Z;
  l_statement := {| s_alpha := claimed_alpha; s_error := claimed_error; s_beta_displacement := claimed_beta_displacement;
    s_A_displacement := claimed_A_displacement; s_cos_min := claimed_cos_min; s_cos_max := claimed_cos_max |} |}.
Definition claimed_run_beta_displacement : double := (7555225796155431, -53)%Z.   (* 0.8387985635133689 *)
Definition claimed_run_A_displacement : double := (5487868484869801, -52)%Z.   (* 1.2185515896034451 *)
Definition claimed_errors : list (double * double) := combine
   [(4911805647131385, -53); (3701857663231243, -53); (2834452127185451, -53); (4390175710489103, -54);
    (6840161268353087, -55); (5338749675182735, -55); (4166188680516983, -55); (1624229449855087, -54);
    (5061832519687847, -56); (7884079636013103, -57); (383750576721673, -53); (4783983382516559, -57);
    (1865412655206415, -56)]%Z
   [(4911815470780341, -53); (3701865066981811, -53); (708614449030803, -51); (8780368981809961, -55);
    (427510934300041, -51); (5338760352804115, -55); (8332394026028057, -56); (6496930793491645, -56);
    (2530921321792857, -55); (492755962789597, -53); (6140021508022911, -57); (1195998237734575, -55);
    (7461665545032641, -58)]%Z.
Definition claimed_gamma : double := (3551489040059915, -53)%Z.   (* 0.39429449039784126 *)
Definition claimed_run : whole_run := {|
  r_errors := claimed_errors; r_beta_displacement := claimed_run_beta_displacement; r_A_displacement :=
    claimed_run_A_displacement;
  r_T1 := Some claimed_gamma; r_T2 := None; r_T3 := None |}.
Definition certificate : initial_certificate := {|
  i_problem := network;
  i_W := [[(5637756551924781, -52); (-1450058874580169, -51)]%Z;
   [(-4983853903993159, -52); (3837212481499899, -53)]%Z;
   [(-6144864329189891, -52); (3256566281676381, -55)]%Z;
   [(4814528910719351, -54); (1377550286551119, -50)]%Z;
   [(7955111653387539, -54); (1220663075251677, -51)]%Z;
   [(3691895307738457, -52); (7536366508458103, -53)]%Z;
   [(-8595484108145615, -53); (-6006869012498937, -52)]%Z;
   [(7585470284968771, -53); (4136534763980401, -57)]%Z;
   [(-7105224818231429, -54); (4802337998456701, -53)]%Z;
   [(1139648199526635, -50); (-4530573330095987, -53)]%Z;
   [(8714217407184711, -52); (4271428400351149, -52)]%Z;
   [(-6279469376679865, -54); (6377966991273279, -53)]%Z;
   [(-2559626521169741, -51); (-8857323411146495, -55)]%Z;
   [(-5229296793691331, -53); (-7787685297895427, -54)]%Z;
   [(7693708801025525, -52); (-2553924880437383, -52)]%Z;
   [(-4647508668594005, -55); (472524183830441, -49)]%Z];
  i_lambda := [(0, 0); (0, 0); (0, 0); (0, 0);
    (0, 0); (0, 0); (0, 0); (0, 0);
    (0, 0); (0, 0); (0, 0); (0, 0)]%Z;
  i_leg := claimed_leg; i_run := claimed_run |}.

(* The kernel runs the checker, at 60 bits. *)
Lemma accepted : accepted_at (fun w => check_runZ w certificate) [60]%Z = true.
Proof. vm_cast_no_check (eq_refl true). Qed.
Lemma certificate_sound : initial_holds certificate.
Proof. destruct (accepted_at_one _ _ accepted) as [w proved]. exact (check_runZ_sound w certificate proved). Qed.
Lemma accepted_by_words : accepted_at (fun w => check_runB w certificate) [60]%Z = true.
Proof. vm_cast_no_check (eq_refl true). Qed.

Theorem certificate_holds A beta : initial_run certificate A beta ->
  (0 <= 1 - valD claimed_eta * valD claimed_alpha < 1) /\
  (forall t, (claimed_T <= t)%nat -> error network A beta (S t) <= (1 - valD claimed_eta * valD claimed_alpha) * error
    network A beta t) /\
  (forall t, (claimed_T <= t)%nat -> error network A beta t <= (1 - valD claimed_eta * valD claimed_alpha) ^ (t -
    claimed_T) * valD claimed_error) /\
  (forall t, (claimed_T <= t)%nat -> beta_distance network (beta t) (beta claimed_T) <= valD claimed_beta_displacement) /\
  (forall t, (claimed_T <= t)%nat -> A_distance network (A t) (A claimed_T) <= valD claimed_A_displacement) /\
  (forall t, (claimed_T <= t)%nat -> valD claimed_cos_min <= cosine network (beta t) <= valD claimed_cos_max) /\
  (-1 < valD claimed_cos_min \/ valD claimed_cos_max < 1 ->
    0 < nrm (width network) (bof network) /\ forall t, (claimed_T <= t)%nat -> 0 < nrm (width network) (beta t)) /\
  (forall t, (t <= claimed_T)%nat ->
    valD (fst (nth t claimed_errors ((0, 0), (0, 0))%Z)) <= error network A beta t
      <= valD (snd (nth t claimed_errors ((0, 0), (0, 0))%Z))) /\
  (forall t, beta_distance network (beta t) (beta 0%nat) <= valD claimed_run_beta_displacement) /\
  (forall t, A_distance network (A t) (A 0%nat) <= valD claimed_run_A_displacement) /\
  (* T1_on_instance *) (forall t, error network A beta (S t) <=
    (1 - valD claimed_eta * (valD claimed_gamma / 4)) * error network A beta t).
Proof.
  intros run. assert (holds := proj2 certificate_sound A beta run).
  split; [exact (leg_rate_range _ _ _ _ (whole_leg _ _ _ holds))|].
  split; [exact (leg_rate _ _ _ _ (whole_leg _ _ _ holds))|].
  split; [exact (leg_error _ _ _ _ (whole_leg _ _ _ holds))|].
  split; [exact (leg_beta _ _ _ _ (whole_leg _ _ _ holds))|].
  split; [exact (leg_A _ _ _ _ (whole_leg _ _ _ holds))|].
  split; [exact (leg_cosine _ _ _ _ (whole_leg _ _ _ holds))|].
  split; [exact (leg_defined _ _ _ _ (whole_leg _ _ _ holds))|].
  split; [exact (whole_errors _ _ _ holds)|].
  split; [exact (whole_beta _ _ _ holds)|].
  split; [exact (whole_A _ _ _ holds)|].
  exact (whole_T1 _ _ _ holds _ eq_refl).
Qed.

(* Too few bits, and claims that are not true, are left open where they fail. *)
Definition with_run (r : whole_run) : initial_certificate := {|
  i_problem := network; i_W := i_W certificate; i_lambda := i_lambda certificate; i_leg := claimed_leg; i_run := r |}.
Definition with_errors (e : list (double * double)) := with_run {|
  r_errors := e; r_beta_displacement := claimed_run_beta_displacement; r_A_displacement := claimed_run_A_displacement;
  r_T1 := None; r_T2 := None; r_T3 := None |}.
Definition with_T (T1 T2 : option double) := with_run {|
  r_errors := claimed_errors; r_beta_displacement := claimed_run_beta_displacement;
  r_A_displacement := claimed_run_A_displacement; r_T1 := T1; r_T2 := T2; r_T3 := None |}.
Example few_bits : check_runB 20 certificate = Open K_norm 0.
Proof. vm_compute. reflexivity. Qed.
Example an_error_too_small : check_runB 60 (with_errors (repeat ((0, 0), (1, -1))%Z 13)) = Open Error_above 0.
Proof. vm_compute. reflexivity. Qed.
Example an_error_too_large : check_runB 60 (with_errors (repeat ((1, -1), (1, 0))%Z 13)) = Open Error_below 1.
Proof. vm_compute. reflexivity. Qed.
Example a_faster_decay : check_runB 60 (with_T (Some (1, 0)%Z) None) = Open T1_alpha 0.
Proof. vm_compute. reflexivity. Qed.
Example a_smaller_cosine : check_runB 60 (with_T None (Some (1, -2)%Z)) = Open T2_cosine 0.
Proof. vm_compute. reflexivity. Qed.
Example a_small_cosine : check_runB 60 (with_T None (Some (9, -5)%Z)) = Open Cosine 0.
Proof. vm_compute. reflexivity. Qed.
