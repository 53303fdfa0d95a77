/** Posts the signed answer of Deep Linking to the LMS; where scripts do not run, the button does. */
document.getElementById("answer").submit();
